"""Rows laid out as lines and spans, and the colours they are drawn in."""
