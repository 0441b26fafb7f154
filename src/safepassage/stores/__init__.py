"""Where bytes are kept: each store does what `ledger.store` says must hold."""
