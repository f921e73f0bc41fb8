"""Copying by a system program or by the terminal; success is claimed only if known.

A terminal that gets a text by OSC 52 does not report whether it accepted it, and many are
configured not to; a system program that exits with 0 has accepted it.
"""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from pith_tui.output.safe import safe

if TYPE_CHECKING:
    from textual.app import App

OSC52_LIMIT = 74_994
"""Bytes of base64 that common terminals take at the most (hterm and xterm's own buffer); others
take more or less, and what is over is cut or dropped silently."""
TIME_LIMIT = 3.0
"""Seconds that a program of the system is waited for."""
_LONGEST_REASON = 200


class Copied(NamedTuple):
    """The result of an attempt to copy: a message, and whether it failed or probably did.

    ``reason`` says why nothing was copied, and is empty otherwise.
    """

    message: str
    failed: bool = False
    reason: str = ""


class Tool(NamedTuple):
    """A program that takes the clipboard's text on its standard input.

    ``needs`` is the variable of the environment without which it has no clipboard to write to;
    ``variables`` are set for it in addition.
    """

    name: str
    arguments: tuple[str, ...] = ()
    needs: str = ""
    encoding: str = "utf-8"
    variables: Mapping[str, str] = MappingProxyType({})


TOOLS = (
    Tool("wl-copy", ("--type", "text/plain;charset=utf-8"), "WAYLAND_DISPLAY"),
    Tool("xclip", ("-selection", "clipboard", "-in"), "DISPLAY"),
    Tool("xsel", ("--clipboard", "--input"), "DISPLAY"),
    Tool("pbcopy", variables=MappingProxyType({"LC_CTYPE": "UTF-8"})),  # else it takes Mac Roman
    Tool("clip.exe", encoding="utf-16"),  # Windows, from its Linux: with a mark of byte order
)

TMUX = Tool("tmux", ("load-buffer", "-w", "-"), "TMUX")
"""Keeps a text as a buffer and hands it to the terminal around tmux (``-w``, since tmux 3.2)."""


class _AvailableTool(NamedTuple):
    tool: Tool
    path: str


def find_tools(environment: Mapping[str, str]) -> list[_AvailableTool]:
    """Find the programs that are on the path and have a clipboard to write to."""
    available = []
    for tool in TOOLS:
        if tool.needs and not environment.get(tool.needs):
            continue
        path = shutil.which(tool.name, path=environment.get("PATH", os.defpath))
        if path is not None:
            available.append(_AvailableTool(tool, path))
    return available


def is_remote(environment: Mapping[str, str]) -> bool:
    """Return whether the terminal is on another machine, whose clipboard is meant."""
    return any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


async def copy(
    app: App[Any], text: str, mode: str, environment: Mapping[str, str] | None = None
) -> Copied:
    """Copy a text in one of the modes that the setting ``clipboard`` has.

    Programs run in a thread, within a time limit; for a worker, not for a handler.
    """
    environment = os.environ if environment is None else environment
    if mode == "off":
        return _not_copied("copying is off (setting clipboard)")
    if app.is_web:
        return by_page(app, text)
    if mode == "osc52" or (mode == "auto" and is_remote(environment)):
        return await by_terminal(app, text, environment)
    done = await asyncio.to_thread(by_program, text, environment)
    if mode == "native" or not done.failed:
        return done
    handed = await by_terminal(app, text, environment)
    if not find_tools(environment):
        return handed
    return Copied(f"{handed.message} ({done.reason})", handed.failed)


def by_page(app: App[Any], text: str) -> Copied:
    """Hand a text to the web page that the visitor sees; nothing of this machine is used."""
    app.copy_to_clipboard(text)
    return Copied(
        f"{_size(text)} handed to your web browser, which takes them on https and localhost only"
    )


async def by_terminal(app: App[Any], text: str, environment: Mapping[str, str]) -> Copied:
    """Hand a text to the terminal: within tmux by tmux, which drops the OSC 52 of programs.

    It does so unless its option ``set-clipboard`` is ``on``; the default is ``external``.
    """
    if not environment.get("TMUX"):
        return by_osc52(app, text)
    reason = await asyncio.to_thread(_by_tmux, text, environment)
    if reason is None:
        return _handed(text, "copied into tmux and handed to the terminal")
    handed = by_osc52(app, text)
    setting = "tmux passes it on with `set -g set-clipboard on` only"
    return Copied(f"{handed.message}; {setting} (tmux {reason})", failed=True)


def _by_tmux(text: str, environment: Mapping[str, str]) -> str | None:
    """Run tmux with the text; return None, or why it failed."""
    path = shutil.which(TMUX.name, path=environment.get("PATH", os.defpath))
    if path is None:
        return "is not on the path"
    return _run(_AvailableTool(TMUX, path), text, environment, TIME_LIMIT)


def by_osc52(app: App[Any], text: str) -> Copied:
    """Hand a text to the terminal (OSC 52), which does not answer."""
    app.copy_to_clipboard(text)
    return _handed(text, "handed to the terminal (OSC 52)")


def _handed(text: str, how: str) -> Copied:
    message = f"{_size(text)} {how}, which may ignore them"
    size = len(base64.b64encode(text.encode()))
    if size > OSC52_LIMIT:
        message += f"; many take no more than {OSC52_LIMIT * 3 // 4:,} bytes: it was probably cut"
        return Copied(message, failed=True)
    return Copied(message)


def by_program(text: str, environment: Mapping[str, str], time_limit: float = TIME_LIMIT) -> Copied:
    """Hand a text to the first program of the system that takes it, and say which did."""
    tools = find_tools(environment)
    if not tools:
        names = ", ".join(tool.name for tool in TOOLS)
        return _not_copied(f"none of {names} can be used here")
    reasons = []
    for program in tools:
        reason = _run(program, text, environment, time_limit)
        if reason is None:
            where = " on the machine that this runs on" if is_remote(environment) else ""
            return Copied(f"{_size(text)} copied with {program.tool.name}{where}")
        reasons.append(f"{program.tool.name} {reason}")
    return _not_copied("; ".join(reasons))


def _not_copied(reason: str) -> Copied:
    return Copied(f"not copied: {reason}", failed=True, reason=reason)


def _run(
    program: _AvailableTool, text: str, environment: Mapping[str, str], time_limit: float
) -> str | None:
    """Run a program with the text on its standard input; return None, or why it failed."""
    # Such programs leave a child behind that holds the clipboard, and any pipe that it was given:
    # what they complain of goes into a file, which nothing has to wait for.
    with tempfile.TemporaryFile() as complaint:
        try:
            process = subprocess.Popen(
                [program.path, *program.tool.arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=complaint,
                env={**environment, **program.tool.variables},
                start_new_session=True,
            )
        except OSError as error:
            return f"cannot be run ({error.strerror})"
        try:
            process.communicate(text.encode(program.tool.encoding), timeout=time_limit)
        except subprocess.TimeoutExpired:
            _end(process)
            return f"did not end within {time_limit:g} seconds"
        if process.returncode:
            return f"ended with {process.returncode}{_complaint(complaint)}"
    return None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and what it started, which is a group of its own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()


def _complaint(file: IO[bytes]) -> str:
    file.seek(0)
    text = " ".join(file.read(_LONGEST_REASON * 4).decode("utf-8", "replace").split())
    return f": {safe(text, limit=_LONGEST_REASON)}" if text else ""


def _size(text: str) -> str:
    return f"{len(text):,} characters" if len(text) != 1 else "1 character"
