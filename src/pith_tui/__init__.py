"""pith-tui: a terminal browser for Pith Number records that verifies what it shows."""

__version__ = "0.2.0"
