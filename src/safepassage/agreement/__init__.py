"""The agreement: each term one readable sentence, judged with reasons over what is recorded, and never over silence alone.

Text to clauses (`grammar`, `render`), observations to facts (`facts`), facts to verdicts (`evaluate`, and its plain
definition `naive`), verdicts to reasons (`explain`, `check`), linked terms to balances (`parity`).
"""
