"""The log file: every step with ``--debug``, only the traceback of a crash without it.

A crash is an unexpected exception, and so a defect of this program.  It is reported in one line,
with the file that has the traceback; with ``--debug``, and where the file cannot be written, the
traceback itself is printed as well.  Everything passes through ``safe``: exceptions and URLs can
contain text of a record.

``logging`` is imported only here, and this module only if something is to be logged.
"""

from __future__ import annotations

import contextlib
import logging
import os
import platform
import sys
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from pith_tui import __version__, trace
from pith_tui.cli.streams import write_error
from pith_tui.errors import UsageError
from pith_tui.output.safe import safe
from pith_tui.user.paths import check_regular

MAX_BYTES = 2_000_000
"""Size of one log file in bytes; a full one is renamed to ``.1``, replacing the previous ``.1``."""

_LOGGER = "pith_tui"
# The log of httpx and httpcore has each request with server, status and times.
_OTHERS = ("httpx", "httpcore")


def begin(path: Path, arguments: list[str], message: Callable[[str], None]) -> None:
    """Log everything from now on, and report the path; raises UsageError if it cannot."""
    check_regular(path, "the log", use="written")
    try:
        handler = _open(path)
    except OSError as error:
        raise UsageError(
            f"the log {path} cannot be written: {error.strerror}",
            "name another file with PITH_TUI_LOG",
        ) from None
    message(f"logging to {path}")
    logging.raiseExceptions = False  # a full disk must not fill the screen as well
    for name in (_LOGGER, *_OTHERS):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
    # Its events contain the user name and password of a proxy.
    logging.getLogger("httpcore.socks").setLevel(logging.INFO)
    log = logging.getLogger(_LOGGER)
    trace.set_listener(log.debug)
    system = f"Python {platform.python_version()}, {platform.platform()}"
    log.info("pith-tui %s, %s, process %d: %r", __version__, system, os.getpid(), arguments)
    log.debug(
        "TERM=%r, stdout in %s, terminal: %s",
        os.environ.get("TERM"),
        sys.stdout.encoding,
        sys.stdout.isatty(),
    )


def end(code: int) -> None:
    """Log the exit code and close the file."""
    log = logging.getLogger(_LOGGER)
    log.info("ended with code %d", code)
    trace.set_listener(None)
    for handler in log.handlers[:]:
        for name in (_LOGGER, *_OTHERS):
            logging.getLogger(name).removeHandler(handler)
            logging.getLogger(name).propagate = True
        with contextlib.suppress(OSError):  # the disk may be full
            handler.close()


def error(raised: BaseException) -> None:
    """Log an expected error with its traceback."""
    logging.getLogger(_LOGGER).error("%s", type(raised).__name__, exc_info=raised)


def crash(path: Path | None, raised: Exception, message: Callable[[str], None]) -> None:
    """Log an unexpected exception and report it, as described in the module's docstring.

    Without a ``path`` no file is written and the traceback goes to stderr.
    """
    verbose = trace.is_enabled()
    kept = path is not None
    try:
        if path is not None and not verbose:
            begin(path, sys.argv[1:], lambda _: None)
        logging.getLogger(_LOGGER).critical("crash", exc_info=raised)
    except UsageError:
        kept = False
    message(f"internal error: {type(raised).__name__}: {raised}")
    if verbose or not kept:
        write_error(f"{_traceback(raised)}\n")
    if kept:
        message(f"  the traceback is in {path}; please report it with what you did")
    else:
        message("  please report it with the lines above and what you did")


def _traceback(raised: BaseException) -> str:
    return safe("".join(traceback.format_exception(raised)).rstrip("\n"), lines=True)


def _open(path: Path) -> logging.Handler:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = _PrivateFile(path, maxBytes=MAX_BYTES, backupCount=1, encoding="utf-8")
    handler.setFormatter(_SafeFormatter("%(asctime)s.%(msecs)03d %(name)s %(message)s", _TIME))
    return handler


_TIME = "%Y-%m-%d %H:%M:%S"


class _PrivateFile(RotatingFileHandler):
    """A log file that only its owner may read: it shows what that person looks up."""

    def _open(self):  # type: ignore[no-untyped-def]
        return open(
            self.baseFilename,
            self.mode,
            encoding=self.encoding,
            errors="backslashreplace",
            opener=lambda name, flags: os.open(name, flags, 0o600),
        )


class _SafeFormatter(logging.Formatter):
    """Formats each event as one line, whatever it contains; only a traceback has several."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        return safe(super().formatMessage(record))

    def formatException(  # noqa: N802 - logging's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        return "" if ei[1] is None else _traceback(ei[1])
