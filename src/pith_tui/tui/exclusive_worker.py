"""Workers that replace one another."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode


def run_exclusive(
    node: DOMNode, group: str, work: Callable[..., Coroutine[Any, Any, None]], *arguments: object
) -> None:
    """Start a worker, cancelling the running one of the same group.

    The coroutine is created when the worker runs, so that a worker cancelled earlier leaves none
    unawaited.
    """

    async def run() -> None:
        await work(*arguments)

    node.run_worker(run, group=group, exclusive=True)  # type: ignore[arg-type]
