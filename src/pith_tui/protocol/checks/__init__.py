"""The checks, each a pure function of the context so far; verification.py lists them."""
