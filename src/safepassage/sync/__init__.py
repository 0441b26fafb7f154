"""Carrying envelopes from hub to hub: on a stick (`bundle`), over a network (`http`). Nobody here interprets what is carried."""
