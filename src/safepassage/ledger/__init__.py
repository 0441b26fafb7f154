"""The ledger: what was observed, in the order in which it arrived, such that nothing can be lost or altered unseen.

Pure: bytes, numbers and `now` come in as arguments. `envelope` is what a device signs, `ledger` appends it,
`store` says what whoever keeps the bytes must hold, `verify` is the plain check of all of it.
"""
