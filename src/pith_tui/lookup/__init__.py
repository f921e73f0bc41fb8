"""One record for one identifier: the policy over cache, samples and servers."""

RATE = 2.0
"""Requests per second where several records are asked for, unless a person gives another rate."""
JOBS = 4
"""Requests at the same time, likewise."""
