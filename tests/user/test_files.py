"""Saving to a file: completely or not at all, and no file of the user is lost."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from pith_tui.errors import UsageError
from pith_tui.user.files import OutputExistsError, write_file


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_new_file_has_the_exact_bytes(tmp_path: Path) -> None:
    path = write_file(b"\x00\xff\r\n", str(tmp_path / "a b.json"))
    assert path == tmp_path / "a b.json"
    assert path.read_bytes() == b"\x00\xff\r\n"


def test_path_is_relative_to_home_or_working_directory(
    isolated_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert write_file(b"x", "~/one.bib") == isolated_home / "one.bib"
    monkeypatch.chdir(tmp_path)
    assert write_file(b"x", "two.bib") == tmp_path / "two.bib"


def test_existing_file_is_replaced_only_with_overwrite(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    path.write_text("mine")
    with pytest.raises(OutputExistsError) as refused:
        write_file(b"theirs", str(path))
    assert refused.value.path == path
    assert refused.value.hint
    assert path.read_text() == "mine"
    assert write_file(b"theirs", str(path), overwrite=True) == path
    assert path.read_text() == "theirs"
    assert sorted(os.listdir(tmp_path)) == ["a.bib"]
    assert write_file(b"new", str(tmp_path / "b.bib"), overwrite=True).read_bytes() == b"new"


def test_permissions_follow_the_umask_and_survive_overwriting(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        path = write_file(b"x", str(tmp_path / "a"))
        assert mode(path) == 0o640
        path.chmod(0o600)
        write_file(b"y", str(path), overwrite=True)
        assert mode(path) == 0o600
    finally:
        os.umask(before)


def test_symbolic_link_is_followed_and_kept(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("mine")
    link.symlink_to(target)
    with pytest.raises(OutputExistsError):
        write_file(b"x", str(link))
    write_file(b"x", str(link), overwrite=True)
    assert link.is_symlink()
    assert target.read_text() == "x"


@pytest.mark.parametrize("overwrite", [False, True])
def test_unwritable_path_is_an_error_with_a_hint(tmp_path: Path, overwrite: bool) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for name in (
        "",
        "  ",
        "a\0b",
        str(tmp_path),
        f"{tmp_path}/new/",
        str(tmp_path / "none" / "x"),
        str(fifo),
        str(tmp_path / ("n" * 300)),
        "/dev/null",
        "n" * 5000,
        "~nouser/x",
        "\ud800",
    ):
        with pytest.raises(UsageError) as refused:
            write_file(b"x", name, overwrite=overwrite)
        assert refused.value.hint
    assert stat.S_ISFIFO(fifo.stat().st_mode)


@pytest.mark.parametrize("overwrite", [False, True])
def test_failed_write_leaves_no_partial_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, overwrite: bool
) -> None:
    path = tmp_path / "a"
    if overwrite:
        path.write_text("mine")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="No space left"):
        write_file(b"x" * 100, str(path), overwrite=overwrite)
    left = sorted(item.name for item in tmp_path.iterdir() if item.is_file())
    assert left == (["a"] if overwrite else [])
    assert not overwrite or path.read_text() == "mine"
