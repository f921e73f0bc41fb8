"""The sixteen checks, each a pure function of the facts so far; verification.py lists them."""
