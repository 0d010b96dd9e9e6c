"""The Open University Learning Analytics dataset as events: real registrations and results (CC BY 4.0).

Kuzilek J., Hlosta M., Zdrahal Z., "Open University Learning Analytics dataset", Scientific Data 4:170171 (2017).
"""
