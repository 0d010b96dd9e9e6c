"""The fault matrix: the real services on three brokers and three mongod, struck by faults, and held against a checker.

`python -m tests.chaos --help` runs it; `ground` has the servers, `scene` one service under fire, `faults` what strikes
it, `doomed` the processes that kill themselves at a named point, `checker` the truth that all of it is held against.
"""
