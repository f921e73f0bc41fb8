"""The records visited in this session, to go back and forward."""

from __future__ import annotations

from pith_tui.protocol.identifiers import Identifier


class NavigationHistory:
    """Identifiers in the order of their visits, and which of them is open."""

    def __init__(self) -> None:
        self._visited: list[Identifier] = []
        self._index = -1

    def visit(self, identifier: Identifier) -> None:
        """Add a record; later records are dropped, as in a web browser."""
        if self._index >= 0 and self._visited[self._index] == identifier:
            return
        del self._visited[self._index + 1 :]
        self._visited.append(identifier)
        self._index += 1

    def back(self) -> Identifier | None:
        """Go back by one; None at the beginning."""
        return self._step(-1)

    def forward(self) -> Identifier | None:
        """Go forward by one; None at the end."""
        return self._step(1)

    def _step(self, step: int) -> Identifier | None:
        if not 0 <= self._index + step < len(self._visited):
            return None
        self._index += step
        return self._visited[self._index]

    @property
    def position(self) -> str:
        """The position among the visited records, such as ``2 of 5``."""
        return f"{self._index + 1} of {len(self._visited)}"
