"""The progress of a long job: how far, how fast, and how long is left."""

from __future__ import annotations


def format_progress(done: int, total: int | None, seconds: float, *, before: int = 0) -> str:
    """Describe the progress; ``before`` of the ``done`` were done before these seconds."""
    rate = (done - before) / seconds if seconds > 0 else 0.0
    amount = f"{done:,}" if total is None else f"{done:,} of {total:,}"
    text = f"{amount}, {rate:,.0f} a second"
    if total is None or rate <= 0 or done >= total:
        return text
    left = int((total - done) / rate)
    return f"{text}, {_clock(left)} left"


def _clock(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes = f"{rest // 60}:{rest % 60:02}"
    return f"{hours}:{minutes:>05}" if hours else minutes
