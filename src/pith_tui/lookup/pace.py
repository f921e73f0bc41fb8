"""How often servers are asked: a limited rate of requests, whoever makes them."""

from __future__ import annotations

from asyncio import sleep
from time import monotonic


class Pace:
    """Starts one request at a time, ``rate`` a second."""

    def __init__(self, rate: float) -> None:
        self._gap = 1 / rate
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for the next turn."""
        now = monotonic()
        mine = max(self._next, now)
        self._next = mine + self._gap
        await sleep(mine - now)
