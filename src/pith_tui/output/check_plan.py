"""What a check of a bibliography is about to ask, stated before it asks: a list may be secret."""

from __future__ import annotations

from collections.abc import Sequence


def plan_line(ids: int, stored: int, to_ask: int, servers: Sequence[str], rate: float) -> str:
    """Describe how many ids there are, how many records are stored, and which servers are asked.

    ``rate`` is in requests a second.
    """
    number = "1 id" if ids == 1 else f"{ids:,} ids"
    if not to_ask:
        missing = ids - stored
        rest = f", {missing:,} not" if missing else ""
        return f"{number}: {stored:,} in the cache or bundled{rest}; no server is asked"
    return (
        f"{number}: {stored:,} in the cache, {to_ask:,} to ask {' and '.join(servers)}, "
        f"{_duration(to_ask / rate)}"
    )


def _duration(seconds: float) -> str:
    if seconds < 60:
        return "less than a minute"
    minutes = round(seconds / 60)
    return f"about {minutes} min" if minutes < 120 else f"about {round(minutes / 60)} h"
