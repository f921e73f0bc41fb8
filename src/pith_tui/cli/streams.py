"""Standard output and error: in what they are encoded, and what is never an error there."""

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
    """Choose between Unicode and ASCII, and make sure that no character can end the program.

    ``setting`` is ``unicode`` of the settings: ``auto`` goes by the encoding of standard output and
    by whether it is the Linux console, ``on`` and ``off`` do not ask; ``--ascii`` overrides all of
    them.  What an output cannot encode is spelled as ``ui_text_to_ascii`` does: text of a record
    was made safe before.
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
    """Open the streams that a shell has closed: the next file opened would take their place.

    What is written to standard output is then an error, as it is to any program.
    """
    if sys.stdout is None:
        for_reading = os.open(os.devnull, os.O_RDONLY)
        sys.stdout = os.fdopen(for_reading, "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def flush_output() -> OSError | None:
    """Write what is left to standard output; return the error where it could not be written."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return error
    return None


def leave(stream: TextIO) -> None:
    """Write nothing more to a stream that is broken: Python would complain of it at exit."""
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
    """Return whether standard output is the console of Linux, whose fonts have 512 glyphs at most.

    It takes UTF-8, but shows a box for most signs of the program (console_codes(4), setfont(8)).
    """
    return os.environ.get("TERM", "").partition("-")[0] == "linux" and sys.stdout.isatty()


def _spell(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return ui_text_to_ascii(error.object[error.start : error.end]), error.end


def write_path(path: Path) -> None:
    """Write a path as the very bytes that it has: it is data, for a script to go on with."""
    sys.stdout.flush()
    sys.stdout.buffer.write(os.fsencode(path) + b"\n")
    sys.stdout.buffer.flush()
