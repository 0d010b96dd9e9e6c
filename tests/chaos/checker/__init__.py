"""The checker: recomputes from the topics alone, one record at a time, what must stand, and compares all that does.

Written apart from the engine: of the kit it takes the table of bindings and the type of a refusal, nothing that folds,
counts positions, makes transactions, dead letters or outputs (`test_checker_stands_apart` holds it to that).
"""
