"""Where observations come in; every source ends in `door`."""
