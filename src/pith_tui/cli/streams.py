"""Standard output and error: their encoding, and failures that are tolerated."""

from __future__ import annotations

import codecs
import io
import os
import sys
from pathlib import Path
from typing import TextIO

from pith_tui.output.symbols import can_show, ui_text_to_ascii, use_ascii

_ERRORS = "pith-tui"


def configure_streams(setting: str, *, ascii_asked: bool) -> None:
    """Choose between Unicode and ASCII, and make sure that no character can crash the program.

    ``setting`` is ``unicode`` of the settings: ``auto`` goes by the encoding of standard output and
    by whether it is the Linux console, ``on`` and ``off`` decide directly; ``--ascii`` overrides
    all of them.  Characters that an output cannot encode are replaced as by ``ui_text_to_ascii``;
    record text has been made safe before.
    """
    _replace_closed()
    only_ascii = ascii_asked or setting == "off"
    if setting == "auto" and (not can_show(sys.stdout.encoding) or _is_linux_console()):
        only_ascii = True
    use_ascii(only_ascii)
    encoding = "ascii" if only_ascii else "utf-8" if setting == "on" else None
    codecs.register_error(_ERRORS, _spell)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=encoding, errors=_ERRORS)


def _replace_closed() -> None:
    """Open the streams that a shell has closed.

    Otherwise the next files opened would take their descriptors.  Writing to standard output is
    then an error, as in any program.
    """
    if sys.stdout is None:
        for_reading = os.open(os.devnull, os.O_RDONLY)
        sys.stdout = os.fdopen(for_reading, "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def flush_output() -> OSError | None:
    """Flush standard output; return the error if that failed."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return error
    return None


def leave(stream: TextIO) -> None:
    """Discard further output to a broken stream: Python would report an error at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def write_error(text: str) -> None:
    """Write to standard error, and ignore it if that fails: it cannot be reported anywhere."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        leave(sys.stderr)


def _is_linux_console() -> bool:
    """Return whether standard output is the Linux console, whose fonts have at most 512 glyphs.

    It accepts UTF-8, but shows a box for most of the program's signs (console_codes(4),
    setfont(8)).
    """
    return os.environ.get("TERM", "").partition("-")[0] == "linux" and sys.stdout.isatty()


def _spell(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return ui_text_to_ascii(error.object[error.start : error.end]), error.end


def write_path(path: Path) -> None:
    """Write a path as its exact bytes: it is data for a script."""
    sys.stdout.flush()
    sys.stdout.buffer.write(os.fsencode(path) + b"\n")
    sys.stdout.buffer.flush()
