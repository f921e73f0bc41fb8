"""Files that a person names: written whole or not at all, and never over another unasked."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from secrets import token_hex

from pith_tui.errors import UsageError

_ELSEWHERE = "give another name"
_LONGEST = 4095
"""Bytes of a path: PATH_MAX of Linux, less its end."""


class OutputExistsError(UsageError):
    """A file with that name exists, at ``path``; saving with ``overwrite`` replaces it."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} already exists", f"{_ELSEWHERE}, or ask to overwrite it")
        self.path = path


def write_file(data: bytes, name: str, *, overwrite: bool = False) -> Path:
    """Write ``data`` to the file of that name, ``~`` expanded; returns its whole path.

    An existing file is left as it is unless ``overwrite`` is given, and then replaced at once:
    nobody ever sees half of either.  Permissions are those that the umask leaves of 0666.
    Raises FileThereError, and UsageError for whatever cannot be written.
    """
    path = resolve_output_file(name)
    try:
        if overwrite:
            _replace(path, data)
        else:
            _create(path, data)
    except FileExistsError:
        raise OutputExistsError(path) from None
    except FileNotFoundError:
        raise UsageError(
            f"there is no directory {path.parent}", "make it first, or give another name"
        ) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"{path} cannot be written: {reason}", _ELSEWHERE) from None
    return path


def resolve_path(name: str) -> Path:
    """Make the whole path of a name that a person typed; nothing needs to be there.

    ``~`` is expanded, and links are followed, so that what they lead to is meant.  Raises
    UsageError for what no file can be named.
    """
    if not name.strip():
        raise UsageError("no file name was given", "give a file name")
    if "\0" in name:
        raise UsageError("a file name cannot contain a null character", _ELSEWHERE)
    try:
        size = len(os.fsencode(name))
    except UnicodeEncodeError:
        raise UsageError("a file name cannot contain an unpaired surrogate", _ELSEWHERE) from None
    if size > _LONGEST:
        raise UsageError(f"a name of {len(name):,} characters is too long", _ELSEWHERE)
    expanded = os.path.expanduser(name)
    if expanded.startswith("~"):
        raise UsageError(
            f"no home directory is known for {name}", f"give ./{name} for a file of that name"
        )
    return Path(os.path.realpath(expanded))


def resolve_input(name: str) -> Path:
    """Return the whole path of a file or directory to read; raises UsageError if there is none.

    Pipes and devices are refused: they might never say anything, or never end.
    """
    path = resolve_path(name)
    if not (os.path.isfile(path) or os.path.isdir(path)):
        raise UsageError(f"there is no file {path}", "give a file or a directory")
    return path


def resolve_output_file(name: str) -> Path:
    """Make the whole path of a file to write; raises UsageError where something else is there."""
    path = resolve_path(name)
    if name.endswith(os.sep) or os.path.isdir(path):
        raise UsageError(f"{path} is a directory", "give the name of a file in it")
    if os.path.exists(path) and not os.path.isfile(path):
        raise UsageError(f"{path} exists but is not a file", _ELSEWHERE)
    return path


def _create(path: Path, data: bytes) -> None:
    """Write a file that is not there yet; one that cannot be written whole is taken away again."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def _replace(path: Path, data: bytes) -> None:
    """Replace a file by a new one with the same permissions."""
    beside = path.with_name(f".{path.name[:100]}.{token_hex(6)}")
    _create(beside, data)
    try:
        with contextlib.suppress(FileNotFoundError):
            os.chmod(beside, stat.S_IMODE(path.stat().st_mode))
        os.replace(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
