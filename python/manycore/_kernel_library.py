"""
NumPy's functions in the language that is compiled.
"""


def find(path):
    return None
