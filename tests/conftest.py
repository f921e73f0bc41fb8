"""Fixtures of the whole suite: a home directory for each test, and the vectors if present."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings

from pith_tui.store.cache import Cache
from tests.registry.server import Registry
from tests.stored import KEY, quiet
from tests.support import VECTORS

# The time of one example means nothing on a busy machine, and failures must be reproducible.
settings.register_profile("suite", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("suite")

PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")
FOREIGN = (
    *("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"),
    *("PITH_TUI_CACHE", "PITH_TUI_CONFIG", "PITH_TUI_DATA", "PITH_TUI_LOG"),
    *(*PROXIES, *map(str.lower, PROXIES)),
    *("NO_COLOR", "FORCE_COLOR", "SSL_CERT_FILE", "SSL_CERT_DIR"),
)
"""The variables of whoever runs the suite that would change what the program does."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "shared: needs the conformance vectors beside the project")
    # Started in the background of a script, the suite ignores SIGINT, and every program it starts
    # would too (rightly: it was told to); the tests that interrupt one need it to listen.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # The same with nohup; what is started gets the default in place of a handler.
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: None)
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if VECTORS.is_dir():
        return
    absent = pytest.mark.skip(reason=f"no conformance vectors at {VECTORS}; set PITH_TUI_VECTORS")
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(absent)


class Homes:
    """Empty home directories, shared by tests that write nothing, since making one is slow."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    def empty(self) -> Path:
        """Return the last directory if it is still empty, else a new one."""
        home = self._folder / str(self._made)
        if self._made == 0 or any(home.iterdir()):
            self._made += 1
            home = self._folder / str(self._made)
            home.mkdir()
        return home


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Homes:
    return Homes(tmp_path_factory.mktemp("homes"))


@pytest.fixture(autouse=True)
def isolated_home(homes: Homes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set up an empty home directory, so that no test reads or writes a person's files."""
    home = homes.empty()
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the path of the test's cache file, which the program uses too."""
    chosen = tmp_path / "cache.sqlite3"
    monkeypatch.setenv("PITH_TUI_CACHE", str(chosen))
    return chosen


@pytest.fixture
def cache(path: Path) -> Iterator[Cache]:
    """Open the test's cache."""
    with closing(Cache.open(path, notice=quiet)) as opened:
        yield opened


@pytest.fixture(scope="session")
def idle_browsers() -> Iterator[None]:
    """Let a pilot continue as soon as its app is idle."""
    from tests.idle import wait_for_idle

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("textual.pilot.wait_for_idle", wait_for_idle)
        patch.setattr("textual.app.wait_for_idle", wait_for_idle)
        yield


@pytest.fixture
def rate_waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Stop the rate limiter's clock; return how long each request would have waited."""
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("pith_tui.lookup.pace.sleep", note)
    monkeypatch.setattr("pith_tui.lookup.pace.monotonic", lambda: 1000.0)
    return waits


@pytest.fixture
def registry() -> Iterator[Registry]:
    """Start a local registry on a free port, whose records the test key signs."""
    with Registry(KEY) as running:
        yield running
