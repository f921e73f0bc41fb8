"""The cache commands with hostile input and under adverse conditions."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.errors import UsageError
from pith_tui.operations import import_records
from pith_tui.operations.export_records import export_file
from pith_tui.operations.import_inputs import iter_inputs
from pith_tui.operations.import_records import import_all
from pith_tui.operations.job import Job
from pith_tui.store import paging, records
from pith_tui.store.cache import Cache
from pith_tui.store.query import parse_query
from tests.registry.records import SigningKey, synthetic, wire
from tests.registry.server import Fault, Registry
from tests.stored import NOW, TRUSTED, WatchedJob, file_record, quiet
from tests.support import real_record

KEY = SigningKey()
RECORDS = [wire(synthetic(number, KEY)) for number in range(6)]
LINES = b"\n".join(RECORDS) + b"\n"
Captured = pytest.CaptureFixture[str]


def import_paths(
    cache: Cache, *paths: str, stdin: bytes = b""
) -> tuple[tuple[int, ...], list[str]]:
    skipped: list[str] = []
    candidates = iter_inputs(paths, io.BytesIO(stdin), NOW)
    done = import_all(
        cache,
        candidates,
        Job("Importing"),
        lambda skip: skipped.append(f"{skip.name}: {skip.reason}"),
    )
    return (done.new, done.known, done.skipped), skipped


# Importing


def test_pipes_and_loops_in_a_directory_are_reported_and_skipped(
    cache: Cache, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.json").write_bytes(RECORDS[0])
    os.mkfifo(folder / "pipe.json")
    (folder / "loop").symlink_to(folder)
    (folder / "round.json").symlink_to("round.json")
    (folder / "gone.json").symlink_to("nowhere")
    (folder / "folder.json").mkdir()
    done, skipped = import_paths(cache, str(folder))
    assert done == (1, 0, 3)
    assert sorted(line.partition(":")[0].rpartition("/")[2] for line in skipped) == [
        "gone.json",
        "pipe.json",
        "round.json",
    ]


def test_unreadable_directory_is_reported(
    cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "files" / "closed").mkdir(parents=True)
    (tmp_path / "files" / "one.json").write_bytes(RECORDS[0])
    real_scandir = os.scandir

    def scandir(where: str) -> object:
        if str(where).endswith("closed"):
            raise PermissionError(13, "Permission denied", where)
        return real_scandir(where)

    monkeypatch.setattr(os, "scandir", scandir)
    done, skipped = import_paths(cache, str(tmp_path / "files"))
    assert done == (1, 0, 1)
    assert "closed: cannot be read: Permission denied" in skipped[0]


def test_named_pipe_given_as_an_argument_is_read(cache: Cache, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["dd", "status=none", f"of={pipe}"], stdin=subprocess.PIPE) as writer:
        assert writer.stdin is not None
        writer.stdin.write(LINES)
        writer.stdin.close()
        assert import_paths(cache, str(pipe)) == ((6, 0, 0), [])


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_repeatedly_compressed_input_is_unpacked(cache: Cache, layers: int) -> None:
    packed = LINES
    for _ in range(layers):
        packed = gzip.compress(packed)
    assert import_paths(cache, "-", stdin=packed)[0] == (6, 0, 0)


def test_unpacking_depth_is_limited(cache: Cache) -> None:
    packed = LINES
    for _ in range(2000):
        packed = gzip.compress(packed, 1)
    done, skipped = import_paths(cache, "-", stdin=packed)
    assert done == (0, 0, 1)
    assert "times" in skipped[0]


def test_leading_blanks_hide_no_record(cache: Cache) -> None:
    assert import_paths(cache, "-", stdin=b"\n" * (2 << 20) + LINES)[0] == (6, 0, 0)
    done, skipped = import_paths(cache, "-", stdin=b" " * (17 << 20))
    assert done == (0, 0, 1)
    assert "longer than" in skipped[0]
    assert import_paths(cache, "-", stdin=b" \n ")[0] == (0, 0, 0)


@pytest.mark.parametrize("first", [b"garbage", b"{", b"{}", b"[1]", b"\xff", b"\xef\xbb\xbf{}"])
def test_broken_first_line_skips_only_itself(cache: Cache, first: bytes) -> None:
    assert import_paths(cache, "-", stdin=first + b"\n" + LINES)[0] == (6, 0, 1)


def test_byte_order_mark_skips_no_line(cache: Cache) -> None:
    assert import_paths(cache, "-", stdin=b"\xef\xbb\xbf" + LINES)[0] == (6, 0, 0)


@pytest.mark.parametrize("indent", [0, 1, 2, "\t"])
def test_record_over_several_lines_is_one_record(cache: Cache, indent: int | str) -> None:
    tree = json.loads(RECORDS[0])
    tree["extra"] = [{}, {"a": []}, [{}]]
    pretty = json.dumps(tree, indent=indent).encode()
    assert import_paths(cache, "-", stdin=pretty)[0] == (1, 0, 0)
    assert import_paths(cache, "-", stdin=pretty.replace(b"\n", b"\r\n"))[0] == (1, 0, 0)


def tar_of(mode: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as tar:  # type: ignore[call-overload]
        for number, raw in enumerate(RECORDS):
            member = tarfile.TarInfo(f"pith/{number}.json")
            member.size = len(raw)
            tar.addfile(member, io.BytesIO(raw))
        for name, kind in (("pipe.json", tarfile.FIFOTYPE), ("link.json", tarfile.SYMTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            tar.addfile(member)
    return packed.getvalue()


@pytest.mark.parametrize("ending", ["tar", "tar.gz", "tar.bz2", "tar.xz", "tgz"])
def test_tar_is_read_in_every_compression(cache: Cache, tmp_path: Path, ending: str) -> None:
    mode = {"tar": "w", "tgz": "w:gz"}.get(ending, f"w:{ending[4:]}")
    (tmp_path / "tars").mkdir()
    (tmp_path / "tars" / f"some.{ending}").write_bytes(tar_of(mode))
    assert import_paths(cache, str(tmp_path / "tars"))[0] == (6, 0, 0)


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_tar_is_recognised_by_content(cache: Cache, mode: str) -> None:
    assert import_paths(cache, "-", stdin=tar_of(mode))[0] == (6, 0, 0)


def test_tar_members_are_not_accumulated(
    cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 0
    real_next = tarfile.TarFile.next

    def spy(self: tarfile.TarFile) -> tarfile.TarInfo | None:
        nonlocal most
        member = real_next(self)
        most = max(most, len(self.members))  # type: ignore[attr-defined]
        return member

    monkeypatch.setattr(tarfile.TarFile, "next", spy)
    assert import_paths(cache, "-", stdin=tar_of("w"))[0][0] == 6
    assert most <= 2


def test_truncated_tar_gives_its_complete_members(cache: Cache, tmp_path: Path) -> None:
    whole = tar_of("w")
    done, skipped = import_paths(cache, "-", stdin=whole[: len(whole) // 2])
    assert done[0] >= 2
    assert done[2] == 1
    assert "cannot be read" in skipped[-1]


def test_cache_moved_aside_can_be_imported(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite3.damaged-1"
    with closing(Cache.open(other, notice=quiet)) as filled:
        for raw in RECORDS:
            file_record(filled, raw)
        with filled.writing() as connection:
            connection.execute("UPDATE answer SET stored = zeroblob(9) WHERE id = 2")
    before = other.read_bytes()
    with closing(Cache.open(path, notice=quiet)) as cache:
        assert import_paths(cache, str(other))[0] == (5, 0, 0)
        response = next(records.iter_records(cache)).response
        assert response is not None
        assert response.checked_at == NOW
        assert response.origin.startswith("import:")
    assert other.read_bytes() == before


def test_missing_path_prevents_the_import(cache: Cache, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES)
    for missing in ("nothing", "", "a\0b"):
        with pytest.raises((UsageError, ValueError)):
            import_paths(cache, str(tmp_path / "a.jsonl"), missing)
    assert cache.count() == 0


def test_progress_counts_skipped_inputs(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_records, "_BATCH", 10)
    counts: list[int] = []
    candidates = iter_inputs(["-"], io.BytesIO(b"no\n" * 25 + LINES), NOW)
    result = import_all(cache, candidates, WatchedJob(counts.append))
    assert result[:3] == (6, 0, 25)
    assert len(result.first_skipped) == 25
    assert counts == [10, 20, 30, 31]


def test_exported_mirror_is_imported_without_messages(
    cache: Cache, tmp_path: Path, capsys: Captured
) -> None:
    for raw in RECORDS:
        file_record(cache, raw)
    site, other = tmp_path / "site", str(tmp_path / "other.sqlite3")
    assert main(["cache", "export", "--mirror", str(site)]) == exit_codes.OK
    with tarfile.open(tmp_path / "site.tar", "w") as tar:
        tar.add(site, "site")
    capsys.readouterr()
    for source, summary in ((site, "6 new, 0"), (tmp_path / "site.tar", "0 new, 6")):
        assert main(["cache", "import", str(source), "--cache", other]) == exit_codes.OK
        captured = capsys.readouterr()
        assert captured.out == f"{summary} already in the cache, 0 skipped\n"
        assert captured.err.count("\n") == summary.startswith("6")  # that nothing was verified


# Exporting


@pytest.mark.parametrize(
    "arguments", [["--output", "no/where"], ["--mirror", "file"], ["--output", "folder"]]
)
def test_unwritable_target_is_reported(
    cache: Cache,
    tmp_path: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    assert main(["cache", "export", *arguments]) == exit_codes.USAGE
    assert arguments[1] in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "mine"


def test_failed_export_leaves_no_file(cache: Cache, tmp_path: Path) -> None:
    for raw in RECORDS:
        file_record(cache, raw)

    def full(count: int) -> None:
        if count == 3:
            raise OSError(28, "No space left on device")

    target = tmp_path / "out" / "lines.jsonl"
    target.parent.mkdir()
    with pytest.raises(UsageError, match="No space left"):
        export_file(cache, target, TRUSTED, WatchedJob(full))
    assert list(target.parent.iterdir()) == []


def test_file_created_during_export_is_not_replaced(cache: Cache, tmp_path: Path) -> None:
    file_record(cache, real_record())
    target = tmp_path / "lines.jsonl"
    with pytest.raises(UsageError, match="already exists"):
        export_file(cache, target, TRUSTED, WatchedJob(lambda count: target.write_text("x")))
    assert target.read_text() == "x"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("command", [["export"], ["list"], ["info", "--json"], ["verify"]])
def test_full_disk_on_stdout_is_reported(cache: Cache, path: Path, command: list[str]) -> None:
    file_record(cache, real_record())
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pith_tui", "cache", *command],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == exit_codes.USAGE
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


# Verifying


@pytest.mark.parametrize(
    "text", ["garbage\n", "3\n", '{"sum": 3}\n', '{"suffix": "A"}\n', "dear diary", ""]
)
def test_non_report_file_is_never_truncated(
    cache: Cache, tmp_path: Path, capsys: Captured, text: str
) -> None:
    dear = tmp_path / "dear.txt"
    dear.write_text(text)
    assert main(["cache", "verify", "--report", str(dear), "--resume"]) == exit_codes.USAGE
    assert dear.read_text() == text
    assert "not a verification report" in capsys.readouterr().err


@pytest.mark.parametrize("jobs", ["0", "-3"])
def test_invalid_number_of_jobs_is_refused(cache: Cache, jobs: str) -> None:
    assert main(["cache", "verify", "--jobs", jobs]) == exit_codes.USAGE


def test_killed_verification_is_resumed(cache: Cache, tmp_path: Path) -> None:
    """It is killed while it writes; only what the report contains by then counts."""
    for number in range(30):
        file_record(cache, wire(synthetic(number, KEY)))
    report = tmp_path / "report.jsonl"
    code = (
        "import sys, os, signal; import pith_tui.operations.verify_all as s; s._RANGE = 10\n"
        "from pith_tui.operations.verify_report import VerifyReport; add = VerifyReport.add\n"
        "def killing(report, batch, summary):\n"
        "    add(report, batch, summary)\n"
        "    if summary.after == 20: os.kill(os.getpid(), signal.SIGKILL)\n"
        "VerifyReport.add = killing\n"
        "from pith_tui.cli import main; main(sys.argv[1:])"
    )
    arguments = ["cache", "verify", "--report", str(report), "--jobs", "2"]
    done = subprocess.run([sys.executable, "-c", code, *arguments], check=False)
    assert done.returncode == -signal.SIGKILL
    with report.open("a") as file:
        file.write('{"suffix": "TORN')
    assert main([*arguments, "--resume"]) == exit_codes.UNDECIDED
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    assert len({line["suffix"] for line in lines if "suffix" in line}) == 30
    assert lines[-1]["sum"]["verdicts"] == {"UNDECIDED": 30}


# Killed and concurrent processes


def python(code: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", code, *arguments])


@pytest.mark.parametrize("position", [1, 2])
def test_killed_import_keeps_complete_batches(path: Path, tmp_path: Path, position: int) -> None:
    (tmp_path / "some.jsonl").write_bytes(b"\n".join(wire(synthetic(n, KEY)) for n in range(30)))
    code = (
        "import sys, os, signal; import pith_tui.operations.import_records as i; i._BATCH = 10\n"
        "import pith_tui.store.cache as c; store = c._store; count = 0\n"
        "def killing(*a):\n"
        "    global count; count += 1\n"
        f"    if count == {position * 10 + 5}: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return store(*a)\n"
        "c._store = killing\n"
        "from pith_tui.cli import main; main(sys.argv[1:])"
    )
    process = python(code, "cache", "import", str(tmp_path / "some.jsonl"))
    assert process.wait(30) == -signal.SIGKILL
    with closing(Cache.open(path, notice=quiet)) as cache:
        assert cache.count() == position * 10
        assert records.cache_info(cache, thorough=True).damage is None
        assert len(list(records.iter_records(cache, parse_query("records")))) > 0
    assert main(["cache", "import", str(tmp_path / "some.jsonl")]) == exit_codes.OK
    with closing(Cache.open(path, notice=quiet)) as cache:
        assert cache.count() == 30


def test_concurrent_imports_keep_all_records(path: Path, tmp_path: Path) -> None:
    raws = [wire(synthetic(n, KEY)) for n in range(60)]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(raws[:40]))
    (tmp_path / "b.jsonl").write_bytes(b"\n".join(raws[20:]))
    code = (
        "import sys; import pith_tui.operations.import_records as i; i._BATCH = 3\n"
        "from pith_tui.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    both = [python(code, "cache", "import", str(tmp_path / f"{n}.jsonl")) for n in "ab"]
    assert [process.wait(60) for process in both] == [0, 0]
    with closing(Cache.open(path, notice=quiet)) as cache:
        assert cache.count() == 60
        assert records.cache_info(cache, thorough=True).responses == 60
        assert records.cache_info(cache, thorough=True).damage is None


def test_read_only_cache_refuses_changes_with_a_message(
    cache: Cache, path: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_record(cache, real_record(), NOW - timedelta(days=400))
    cache.close()
    monkeypatch.setattr("pith_tui.sqlite.file._is_writable", lambda path: False)
    (tmp_path / "some.jsonl").write_bytes(LINES)
    for arguments in (
        ["import", str(tmp_path / "some.jsonl")],
        ["remove", "2503.11832", "--yes"],
        ["prune", "--older-than", "1", "--yes"],
    ):
        assert main(["cache", *arguments]) == exit_codes.USAGE, arguments
        assert "cannot be written" in capsys.readouterr().err
    assert main(["cache", "list"]) == exit_codes.OK
    assert main(["cache", "verify"]) == exit_codes.OK


# Fetching


def test_ambiguous_short_form_is_refused_and_the_others_are_fetched(
    cache: Cache, path: Path, capsys: Captured
) -> None:
    suffix = file_record(cache, real_record()).suffix
    with cache.writing() as connection:
        connection.execute(
            "INSERT INTO record (suffix, checked_at) VALUES (?, 0)", (f"{suffix[:8]}{'A' * 18}",)
        )
    with Registry(KEY) as registry:
        registry.add(json.loads(RECORDS[0]))
        ids = [suffix[:8], "1601.00000v1"]
        server = ["--server", registry.url, "--rate", "1000"]
        assert main(["fetch", *ids, *server]) == exit_codes.USAGE
    captured = capsys.readouterr()
    assert "refused" in captured.out
    assert "1  fetched" in captured.out
    assert "fits 2 records" in captured.err


@pytest.mark.parametrize("option", [["--fresh", "nan"], ["--fresh", "1e300"], ["--fresh", "-1"]])
def test_invalid_numeric_option_is_refused(path: Path, option: list[str]) -> None:
    assert (
        main(["fetch", "2503.11832", "--server", "http://127.0.0.1:9", *option]) == exit_codes.USAGE
    )


def test_killed_fetch_resumes_with_the_rest(path: Path, capsys: Captured) -> None:
    """The process is killed while the server stalls; the next run asks only for the rest."""
    with Registry(KEY) as registry:
        for raw in RECORDS[:3]:
            registry.add(json.loads(raw))
        named = [f"1601.0000{n}v{n + 1}" for n in range(3)]
        server = ["--server", registry.url, "--rate", "1000", "--jobs", "1"]
        assert main(["fetch", named[0], *server]) == exit_codes.UNDECIDED
        registry.fail("/", Fault("stall"))
        process = subprocess.Popen(
            [sys.executable, "-m", "pith_tui", "fetch", *named, *server],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert registry.stalled.wait(30)
        process.kill()
        process.wait()
        registry.released.set()
        before = len(registry.requests)
        assert main(["fetch", *named, *server]) == exit_codes.UNDECIDED
        assert len(registry.requests) == before + 2
    assert "stored and fresh" in capsys.readouterr().out
    with closing(Cache.open(path, notice=quiet)) as cache:
        assert cache.count() == 3


@pytest.mark.parametrize(
    "command", [["import", "-"], ["fetch", "1601.00000v1", "--server", "{url}"]], ids=str
)
def test_interrupt_ends_the_command_without_a_traceback(path: Path, command: list[str]) -> None:
    with Registry(KEY) as registry:
        registry.fail("/", Fault("stall"))
        arguments = [word.format(url=registry.url) for word in command]
        arguments = arguments if arguments[0] == "fetch" else ["cache", *arguments]
        process = subprocess.Popen(
            [sys.executable, "-m", "pith_tui", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdin is not None
        if arguments[0] == "fetch":
            assert registry.stalled.wait(30)
        else:
            # More than a pipe holds: once it is written, the import has begun to read.
            process.stdin.write(LINES * 40)
            process.stdin.flush()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == exit_codes.INTERRUPTED
    assert b"Traceback" not in err
    assert b"interrupted" in err


@pytest.mark.parametrize("suffix", [7, b"\xff\x00", "short", "x" * 26, "A" * 26 + "\n", "\x1b[2J"])
def test_invalid_stored_suffix_is_damage_and_does_not_crash(
    cache: Cache, capsys: Captured, suffix: object
) -> None:
    kept = [file_record(cache, raw).suffix for raw in RECORDS[:3]]
    with cache.writing() as connection:
        connection.execute("UPDATE record SET suffix = ? WHERE suffix = ?", (suffix, kept[1]))
    items = list(records.iter_records(cache))
    assert [item.response is None for item in items] == [False, True, False]
    assert isinstance(items[1].suffix, str)
    placed = paging.page(cache, parse_query(""), paging.Sorting(), paging.Window(None, False, 10))
    assert [row.item[:3] for row in placed] == [item[:3] for item in items]
    assert main(["cache", "list"]) == exit_codes.USAGE
    assert "\x1b" not in capsys.readouterr().err
    for command in ("info", "verify", "prune --keep 0"):
        assert main(["cache", *command.split()]) in (
            exit_codes.OK,
            exit_codes.USAGE,
        )
