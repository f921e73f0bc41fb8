"""``pith-tui [ID]``: the browser, or ``show`` where there is no terminal for it."""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import sys
from typing import TYPE_CHECKING

from pith_tui.cli import exit_codes
from pith_tui.cli.commands import ROOT, subcommands
from pith_tui.cli.context import message
from pith_tui.cli.parser import ID_HELP, source_options
from pith_tui.errors import PithError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pith_tui.lookup.service import RecordService
    from pith_tui.protocol.identifiers import Identifier
    from pith_tui.tui.loading import EarlyLookUp
    from pith_tui.tui.system.early_screen import EarlyScreen
    from pith_tui.tui.system.end_signals import EndSignals
    from pith_tui.user.bookmarks import UserState
    from pith_tui.user.settings import Settings

_EXAMPLES = """\
examples:
  pith-tui                              open the browser
  pith-tui 2503.11832                   look up a record and read it, verified
  pith-tui hep-th/9901001               old ids, DOIs, Pith Numbers and URLs work as well
  pith-tui --sample                     browse the 66 bundled real records
  pith-tui verify 2503.11832            every check in plain text, and an exit code
  pith-tui verify record.json --as 2503.11832
  pith-tui show 2503.11832 --json       record, marks and checks for a script
  pith-tui keys list                    list the trusted keys"""


def _epilog() -> str:
    commands = "\n".join(f"  {name:12}  {text}" for name, text in subcommands(ROOT).items())
    codes = "\n".join(f"  {code:3}  {text}" for code, text in exit_codes.MEANINGS.items())
    return (
        f"{_EXAMPLES}\n\ncommands (`pith-tui COMMAND --help` explains one):\n{commands}\n\n"
        f"exit codes:\n{codes}"
    )


DESCRIPTION = "Browse Pith Number records and see every signature verified."
EPILOG = _epilog()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui [ID]``."""
    parser.add_argument("id", nargs="?", metavar="ID", help=ID_HELP)
    parser.add_argument("-V", "--version", action="store_true", help="print the version and exit")
    parser.add_argument(
        "--read-only",
        action="store_true",
        help="write no file: no cache, history, bookmarks or settings, no import or export",
    )
    source_options(parser)


def run(options: argparse.Namespace) -> int:
    """Open the browser if there is a terminal, else print the record."""
    if options.version:
        from pith_tui import __version__

        print(f"pith-tui {__version__}")
        return exit_codes.OK
    if options.id is not None:
        from pith_tui.cli.ids import refuse_bibliography

        refuse_bibliography(options.id)
    if _has_screen():
        return _browse(options)
    if options.id is None:
        raise UsageError(
            "the browser needs a terminal, and no ID was given to print instead",
            "try `pith-tui show ID`, or `pith-tui --help`",
        )
    from pith_tui.cli import show

    options.targets, options.file = [options.id], None
    options.raw = options.strict = False
    options.json = options.jsonl = False
    return show.run(options)


def _is_served() -> bool:
    """Return whether the browser is displayed elsewhere, for example by ``textual serve``.

    Textual reads the driver's name from this variable; whoever watches is then a visitor.
    """
    return bool(os.environ.get("TEXTUAL_DRIVER"))


def _has_screen() -> bool:
    """Return whether there is a terminal that a program can draw on, or a driver that draws."""
    if _is_served():
        return True
    dumb = os.environ.get("TERM") == "dumb"  # such as an editor's shell
    return sys.stdout.isatty() and sys.stdin.isatty() and not dumb


def _browse(options: argparse.Namespace) -> int:
    """Open the browser; a signal ends it as ``q`` does, but with its own exit code."""
    from pith_tui.tui.system.end_signals import EndSignals

    options.read_only = options.read_only or _is_served()
    signals = EndSignals()
    try:
        with signals:
            code = _run_app(options, signals)
    except PithError:
        raise
    except Exception as error:
        if not options.read_only:
            raise
        from pith_tui.cli import debug

        debug.crash(None, error, message)
        code = exit_codes.CRASHED
    return code if signals.exit_code is None else signals.exit_code


def _run_app(options: argparse.Namespace, signals: EndSignals) -> int:
    """Open the browser on the record that was asked for, else where the last session ended."""
    from pith_tui.cli.context import open_service
    from pith_tui.cli.ids import read_id
    from pith_tui.user.bookmarks import UserState
    from pith_tui.user.paths import config_dir, user_state_path
    from pith_tui.user.settings import load_settings

    settings = load_settings(config_dir())
    notices: list[str] = []
    user_state = None if options.read_only else UserState(user_state_path(), notice=notices.append)
    last = _last_record(settings, user_state) if options.id is None else None
    asked = last if options.id is None else read_id(options.id, notices.append)
    with open_service(options, notices.append) as service, contextlib.ExitStack() as opened:
        if user_state is not None:
            opened.callback(user_state.close)
        from pith_tui.tui.loading import load_in_background

        # Collecting garbage while thousands of classes are created finds none; the app turns it on
        # again after the first frame.
        gc.disable()
        # Read and verified while Textual is imported, which takes longer.
        first = None if asked is None else load_in_background(service, asked)
        early = opened.enter_context(
            _painted(_early_frame(first, service, settings, user_state, options), signals)
        )
        from pith_tui.tui.app import PithApp

        _validate(settings, config_dir())
        app = PithApp(
            service,
            asked,
            first,
            refresh=options.refresh,
            notices=notices,
            settings=settings,
            user_state=user_state,
            read_only=options.read_only,
            early_screen=early,
        )
        signals.attach(app)
        app.run()
        app.remember()  # the last visit, if it is not written yet
        if app.crash is not None:
            raise app.crash
        return app.return_code or exit_codes.OK


def _early_frame(
    first: EarlyLookUp | None,
    service: RecordService,
    settings: Settings,
    user_state: UserState | None,
    options: argparse.Namespace,
) -> str | None:
    """Return the frame to paint before Textual is imported; None if there is none."""
    if first is None or _is_served():
        return None
    from pith_tui.tui.early_frame import early_frame

    return early_frame(first, service, settings, user_state, read_only=options.read_only)


@contextlib.contextmanager
def _painted(frame: str | None, signals: EndSignals) -> Iterator[EarlyScreen | None]:
    """Paint a frame before Textual is imported; restore the terminal if Textual does not."""
    if frame is None:
        yield None
        return
    from pith_tui.tui.system.early_screen import EarlyScreen

    screen = EarlyScreen()
    signals.attach(screen)
    try:
        screen.paint(frame)
        yield screen
    finally:
        screen.restore()


def _validate(settings: Settings, directory: Path) -> None:
    """Check the settings of the browser, if there are any.  Raises UsageError."""
    if settings.theme is None and not settings.keys:
        return
    from pith_tui.cli.config import validate_tui_settings

    validate_tui_settings(settings, directory)


def _last_record(settings: Settings, user_state: UserState | None) -> Identifier | None:
    """Return the record that was open last, unless the settings name another start."""
    from pith_tui.protocol.identifiers import IdentifierError, parse_identifier

    last = user_state.last() if user_state is not None and settings.start == "last" else None
    try:
        return None if last is None else parse_identifier(last)
    except IdentifierError:
        return None  # written by another version of the program; start without it
