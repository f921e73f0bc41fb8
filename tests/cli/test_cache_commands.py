"""The cache as an archive: searched, walked through, verified, brought in and taken out."""

from __future__ import annotations

import gzip
import http.server
import io
import json
import os
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.cli import exit_codes, main
from pith_tui.errors import UsageError
from pith_tui.operations.import_inputs import iter_inputs
from pith_tui.operations.import_records import import_all
from pith_tui.operations.verify_all import verify_all
from pith_tui.operations.verify_ranges import DAMAGED
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Verdict
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.store.normalize import normalize_ids, normalize_text
from pith_tui.store.query import parse_query
from tests.registry.records import Paper, SigningKey, build, synthetic, wire
from tests.registry.server import Fault, Registry
from tests.stored import NOW, file_record, quiet, verify
from tests.support import REAL_SUFFIX, partial_records, real_record

KEY = SigningKey()
TRUSTED = (PINNED, PublicKey(KEY.key_id, KEY.raw))
Captured = pytest.CaptureFixture[str]


def found(cache: Cache, text: str) -> list[str]:
    titles = []
    for item in records.iter_records(cache, parse_query(text)):
        assert item.held is not None
        titles.append(Record(item.held.raw).title or "")
    return titles


def put(cache: Cache, **changes: object) -> str:
    raw = wire(build(Paper(**changes), KEY))  # type: ignore[arg-type]
    return file_record(cache, raw, NOW).suffix


# Searching


@pytest.mark.parametrize(
    ("source", "folded"),
    [
        (r"Erd\H{o}s--R\'enyi", "erdos renyi"),
        (r"Schr\"odinger", "schrodinger"),
        ("Søren Łukasz Straße", "soren lukasz strasse"),
        (r"Torbj{\o}rn \L{}ukasz", "torbjorn lukasz"),
        (r"$\psi(4260)$ and $\alpha_s$", "psi 4260 and alpha s"),
        ("fine-tuning: a Survey!", "fine tuning a survey"),
        ("数学 Ünïcode", "数学 unicode"),
        ("", ""),
    ],
)
def test_words_are_folded(source: str, folded: str) -> None:
    assert normalize_text(source) == folded


def test_names_keep_their_points() -> None:
    assert normalize_ids("cs.AI hep-th/9901001 10.48550/arXiv.1") == (
        "cs.ai hep-th/9901001 10.48550/arxiv.1"
    )


def test_records_are_searched_by_words_and_fields(cache: Cache) -> None:
    put(cache, arxiv="2401.00001", title=r"On Erd\H{o}s Graphs", authors=r"K. G\"odel")
    put(cache, arxiv="2402.00002", title="Quantum Erdos Numbers", primary="math.CO", cross=())
    put(cache, arxiv="2503.00003", title="Other Things", submitted="2025-03-01T00:00:00Z")
    first, second, third = r"On Erd\H{o}s Graphs", "Quantum Erdos Numbers", "Other Things"
    for text, expected in (
        ("", [first, second, third]),
        ("erdos", [first, second]),
        ("Erdős", [first, second]),
        ("erd gra", [first]),
        ("author:godel", [first]),
        ("title:godel", []),
        ("cat:math.CO", [second]),
        ("cat:cs", [first, third]),
        ("year:2025", [third]),
        ("year:2024..2024 erdos", [first, second]),
        ("year:2025..", [third]),
        ("2402", [second]),
        ("id:2402.00002v1", [second]),
        ("10.48550/arxiv.2503.00003", [third]),
        ("nothing", []),
        ('" *', [first, second, third]),
        ("(", [first, second, third]),
    ):
        assert found(cache, text) == expected, text
        assert records.count_records(cache, parse_query(text)) == len(expected), text


@pytest.mark.parametrize("text", ["year:20", "year:x"])
def test_a_wrong_search_is_said(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_query(text)
    assert caught.value.hint


@given(st.text(max_size=40))
def test_any_text_can_be_searched_for(text: str) -> None:
    import sqlite3

    try:
        query = parse_query(text)
    except UsageError:
        return
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE search USING fts5 (title, authors, ids, categories,"
        " tokenize = \"unicode61 tokenchars '.-/'\")"
    )
    if query.match is not None:
        connection.execute("SELECT * FROM search WHERE search MATCH ?", (query.match,))
    connection.close()


def test_the_index_follows_the_latest_answer_and_removal(cache: Cache) -> None:
    key = {"arxiv": "2401.00009"}
    put(cache, **key)
    changed = build(Paper(**key), KEY)  # type: ignore[arg-type]
    changed["paper"]["authors_text"] = "Grace Hopper"
    file_record(cache, wire(changed), NOW + timedelta(days=1))
    assert len(found(cache, "author:hopper")) == 1
    assert found(cache, "author:lovelace") == []
    put(cache, **key)  # the older bytes again, but checked earlier: still not the latest
    assert found(cache, "author:lovelace") == []
    file_record(cache, wire(build(Paper(**key), KEY)), NOW + timedelta(days=2))  # type: ignore[arg-type]
    assert len(found(cache, "author:lovelace")) == 1
    assert found(cache, "author:hopper") == []
    suffix = cache.find(parse_identifier("2401.00009"))[0]
    assert records.remove(cache, [suffix, "A" * 26]) == 1
    assert found(cache, "") == []
    with cache.reading() as connection:
        words = connection.execute(
            "SELECT count(*) FROM words WHERE words MATCH 'lovelace'"
        ).fetchone()
    assert words == (0,)


def test_pages_hold_every_record_once(cache: Cache) -> None:
    suffixes = [file_record(cache, wire(synthetic(n, KEY))).suffix for n in range(1, 1201, 2)]
    assert [item.suffix for item in records.iter_records(cache)] == suffixes
    numbers = [item.number for item in records.iter_records(cache, after=100, until=110)]
    assert numbers == list(range(101, 111))


# Clearing out


def test_pruning_says_what_it_would_remove_and_then_removes_it(
    cache: Cache, capsys: Captured
) -> None:
    for number in range(6):
        file_record(cache, wire(synthetic(number, KEY)), NOW - timedelta(days=number))
    before = records.select_for_pruning(cache, before=NOW - timedelta(days=3, hours=1))
    assert [each.checked_at for each in before] == [NOW - timedelta(days=n) for n in (5, 4)]
    assert len(records.select_for_pruning(cache, keep=4)) == 2
    size = sum(each.stored_bytes for each in records.select_for_pruning(cache, keep=0))
    assert 0 < len(records.select_for_pruning(cache, max_bytes=size // 2)) < 6
    assert main(["cache", "prune", "--keep", "4"]) == exit_codes.OK
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 2
    assert "would remove 2 records" in err
    assert cache.count() == 6
    assert main(["cache", "prune", "--keep", "4", "--yes"]) == exit_codes.OK
    assert cache.count() == 4
    assert main(["cache", "prune"]) == exit_codes.USAGE
    assert main(["cache", "prune", "--max-size", "lots"]) == exit_codes.USAGE


def test_removal_takes_a_yes(cache: Cache, capsys: Captured) -> None:
    file_record(cache, real_record())
    assert main(["cache", "remove", "2503.11832"]) == exit_codes.OK
    assert "--yes" in capsys.readouterr().err
    assert cache.count() == 1
    assert main(["cache", "remove", "2503.11832", "--yes"]) == exit_codes.OK
    assert cache.count() == 0
    assert main(["cache", "remove", "2503.11832", "--yes"]) == exit_codes.NOT_FOUND


# Bringing in


def take_in(cache: Cache, *paths: str, stdin: bytes = b"") -> tuple[tuple[int, ...], list[str]]:
    skipped: list[str] = []
    done = import_all(
        cache,
        iter_inputs(paths, io.BytesIO(stdin), NOW),
        lambda name, why: skipped.append(f"{name}: {why}"),
        lambda count: None,
    )
    return tuple(done), skipped


def test_every_kind_of_file_is_taken_in(cache: Cache, tmp_path: Path) -> None:
    records = [wire(synthetic(n, KEY)) for n in range(8)]
    folder = tmp_path / "files"
    (folder / "below").mkdir(parents=True)
    (folder / "one.json").write_bytes(records[0])
    (folder / "pretty.json").write_bytes(json.dumps(json.loads(records[1]), indent=2).encode())
    (folder / "below" / "lines.jsonl").write_bytes(b"\r\n\n".join(records[2:4]) + b"\n")
    (folder / "packed.jsonl.gz").write_bytes(gzip.compress(b"\n".join(records[4:6])))
    (folder / "note.txt").write_text("not looked at")
    with tarfile.open(folder / "some.tar.gz", "w:gz") as tar:
        for name, raw in (("a.json", records[6]), ("../b.json", records[7]), ("c.txt", b"x")):
            member = tarfile.TarInfo(name)
            member.size = len(raw)
            tar.addfile(member, io.BytesIO(raw))
    assert take_in(cache, str(folder)) == ((8, 0, 0), [])
    assert take_in(cache, str(folder / "one.json"), "-", stdin=records[1] + b"\n") == (
        (1, 1, 0),  # as it stands on stdin it is spelled otherwise than in the pretty file
        [],
    )
    assert cache.count() == 8


def test_what_is_no_record_is_counted_named_and_skipped(cache: Cache, tmp_path: Path) -> None:
    lines = [b"{", real_record(), b"{}", b"[" * 2000, b'"x' + b"x" * (1 << 21) + b'"', b"\xff"]
    lines += [partial_records()[0]]
    (tmp_path / "mixed.jsonl").write_bytes(b"\n".join(lines))
    (tmp_path / "torn.jsonl.gz").write_bytes(gzip.compress(real_record() * 3)[:-400])
    (tmp_path / "no.tar").write_bytes(b"no tar")
    done, skipped = take_in(cache, str(tmp_path / "mixed.jsonl"))
    assert done == (2, 0, 5)
    assert [each.rpartition(".jsonl:")[2].partition(":")[0] for each in skipped] == list("13456")
    for name in ("torn.jsonl.gz", "no.tar"):
        assert take_in(cache, str(tmp_path / name))[0][2] == 1
    with pytest.raises(UsageError):
        take_in(cache, str(tmp_path / "nothing"))


def test_a_bundle_is_taken_in_and_its_receipt_verified(cache: Cache, tmp_path: Path) -> None:
    tree = build(Paper(), KEY)
    payload = {name: tree[name] for name in ("canonical_record", "canonical_sha256", "receipt")}
    created = {"event_type": "record_created", "target": "record", "payload": payload}
    bundle = {
        "bundle_type": "pith_open_graph_bundle",
        "pith_number": tree["pith_number"],
        "short_pith_number": tree["short_pith_number"],
        "canonical_record": tree["canonical_record"],
        "canonical_sha256": tree["canonical_sha256"],
        "source": tree["source"],
        "source_aliases": tree["aliases"],
        "events": [created],
    }
    (tmp_path / "bundle.json").write_bytes(wire(bundle))
    assert take_in(cache, str(tmp_path / "bundle.json"))[0] == (1, 0, 0)
    raw = next(records.iter_records(cache)).held
    assert raw is not None
    report = verify(raw.raw, None, TRUSTED)
    assert report.verdict is Verdict.VERIFIED
    created["payload"]["receipt"]["signature_b64"] = "A" * 86 + "=="  # type: ignore[index]
    assert verify(wire(bundle), None, TRUSTED).verdict is Verdict.FAILED


def test_import_on_the_command_line(path: Path, capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "some.jsonl").write_bytes(real_record() + b"\nnothing\n")
    assert main(["cache", "import", str(tmp_path / "some.jsonl")]) == exit_codes.FAILED
    out, err = capsys.readouterr()
    assert out == "1 new, 0 held already, 1 skipped\n"
    assert "some.jsonl:2" in err
    assert "nothing was verified yet; `pith-tui cache verify`" in err
    main(["cache", "import", str(tmp_path / "some.jsonl")])
    assert "verified" not in capsys.readouterr().err


def at(path: Path, moment: datetime) -> str:
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    return str(path)


def test_an_import_confirms_nothing(cache: Cache, tmp_path: Path) -> None:
    old, new = wire(build(Paper(authors="Old"), KEY)), wire(build(Paper(authors="New"), KEY))
    week = timedelta(days=7)
    catalog = file_record(cache, old, NOW, '"old"')
    file_record(cache, new, NOW + week, '"new"')
    before = cache.history(catalog.suffix)
    file = tmp_path / "old.json"
    file.write_bytes(old)
    for moment in (NOW + 2 * week, datetime(2200, 1, 1, tzinfo=UTC)):
        assert take_in(cache, at(file, moment))[0] == (0, 1, 0)
        assert cache.history(catalog.suffix) == before
    take_in(cache, at(file, NOW - week))
    after = cache.history(catalog.suffix)
    assert after == [before[0], before[1]._replace(fetched_at=NOW - week)]


def test_what_is_imported_comes_behind_what_was_held(cache: Cache, tmp_path: Path) -> None:
    held = wire(build(Paper(authors="Held"), KEY))
    suffix = file_record(cache, held).suffix
    file = tmp_path / "other.json"
    for name in ("One", "Two"):
        file.write_bytes(wire(build(Paper(authors=name), KEY)))
        assert take_in(cache, at(file, datetime(2200, 1, 1, tzinfo=UTC)))[0] == (1, 0, 0)
    first, *others = cache.history(suffix)
    assert (first.raw, first.checked_at) == (held, NOW)
    assert len(others) == 2
    assert all(other.checked_at < NOW and other.fetched_at < NOW for other in others)
    assert records.select_for_pruning(cache, before=NOW) == []
    assert found(cache, "author:held") != []


def test_no_time_of_an_import_is_still_to_come(cache: Cache, tmp_path: Path) -> None:
    file = tmp_path / "new.json"
    file.write_bytes(real_record())
    take_in(cache, at(file, datetime(2200, 1, 1, tzinfo=UTC)))
    held = cache.latest(REAL_SUFFIX)
    assert held is not None
    assert held.checked_at <= datetime.now(UTC)
    other = tmp_path / "then.json"
    other.write_bytes(wire(synthetic(1, KEY)))
    take_in(cache, at(other, NOW))
    last = records.last_number(cache)
    assert [item.held.checked_at for item in records.records_at(cache, [last]) if item.held] == [
        NOW
    ]


def test_answers_of_another_cache_keep_their_order(cache: Cache, tmp_path: Path) -> None:
    with closing(Cache.open(tmp_path / "moved.sqlite3", notice=quiet)) as moved:
        for days, name in enumerate(("One", "Two", "Three")):
            raw = wire(build(Paper(authors=name), KEY))
            suffix = file_record(moved, raw, NOW + timedelta(days=days)).suffix
        expected = [held.raw for held in moved.history(suffix)]
        moved_path = str(moved.path)
    assert take_in(cache, moved_path)[0] == (3, 0, 0)
    assert [held.raw for held in cache.history(suffix)] == expected


# Taking out


def test_lines_go_out_and_come_in_again(
    cache: Cache, tmp_path: Path, capsys: Captured, path: Path
) -> None:
    pretty = json.dumps(json.loads(real_record()), indent=1).encode()
    file_record(cache, pretty)
    file_record(cache, wire(synthetic(3, KEY)))
    out = tmp_path / "out.jsonl"
    assert main(["cache", "export", "--output", str(out)]) == exit_codes.OK
    lines = out.read_bytes().splitlines()
    assert len(lines) == 2
    assert json.loads(lines[0]) == json.loads(real_record())
    assert main(["cache", "export", "--output", str(out)]) == exit_codes.USAGE
    assert "nothing is overwritten" in capsys.readouterr().err


def test_a_mirror_is_served_by_any_web_server_and_browsed(
    cache: Cache, tmp_path: Path, capsys: Captured
) -> None:
    file_record(cache, real_record())
    site = tmp_path / "site"
    assert main(["cache", "export", "--mirror", str(site)]) == exit_codes.OK
    assert (site / "pith" / f"{REAL_SUFFIX}.json").read_bytes() == real_record()
    assert json.loads((site / "pith-mirrors.json").read_text())["mirrors"]
    assert main(["cache", "export", "--mirror", str(site)]) == exit_codes.USAGE
    capsys.readouterr()
    handler = partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        other = str(tmp_path / "other.sqlite3")
        arguments = ["verify", REAL_SUFFIX, "--server", url, "--cache", other]
        assert main(arguments) == exit_codes.OK
        server.shutdown()
    assert f"live from {url}" in capsys.readouterr().out


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


# Verifying everything


def test_everything_is_verified_and_damage_is_found(cache: Cache, path: Path) -> None:
    for number in range(20):
        file_record(cache, wire(synthetic(number, KEY)))
    forged = build(Paper(), KEY)
    forged["paper"]["title"] = "Forged"
    bad = file_record(cache, wire(forged)).suffix
    torn = file_record(cache, real_record()).suffix
    with cache.writing() as connection:
        connection.execute(
            "UPDATE answer SET stored = zeroblob(50) WHERE record ="
            " (SELECT id FROM record WHERE suffix = ?)",
            (torn,),
        )
    last = records.last_number(cache)
    results = list(verify_all(path, parse_query(""), TRUSTED, after=0, until=last, processes=1))
    verdicts = sum((each.verdicts for each in results), start=type(results[0].verdicts)())
    assert verdicts == {"VERIFIED": 20, "FAILED": 1, DAMAGED: 1}
    notable = {each.suffix: each.checks for result in results for each in result.notable}
    assert notable == {bad: ("title",), torn: ()}
    assert main(["cache", "verify"]) == exit_codes.FAILED


def test_several_processes_find_what_one_finds(
    cache: Cache, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pith_tui.operations.verify_all._RANGE", 10)
    for number in range(35):
        file_record(cache, wire(synthetic(number, KEY)))
    query = parse_query("year:2016")
    two = list(verify_all(path, query, TRUSTED, after=0, until=35, processes=2))
    one = list(verify_all(path, query, TRUSTED, after=0, until=35, processes=1))
    assert two == one
    assert [each.until for each in one] == [10, 20, 30, 35]


def test_an_interrupted_verification_is_resumed_from_its_report(
    cache: Cache,
    tmp_path: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pith_tui.operations.verify_all._RANGE", 10)
    for number in range(35):
        file_record(cache, wire(synthetic(number, KEY)))
    report = tmp_path / "report.jsonl"
    arguments = ["cache", "verify", "--report", str(report), "--jobs", "1"]
    real_sweep = verify_all

    def interrupted(*args: object, **kwargs: object) -> Iterator[object]:
        for count, each in enumerate(real_sweep(*args, **kwargs)):  # type: ignore[arg-type]
            if count == 2:
                raise KeyboardInterrupt
            yield each

    monkeypatch.setattr("pith_tui.cli.cache.verify.verify_all", interrupted)
    assert main(arguments) == exit_codes.INTERRUPTED
    assert "--resume goes on" in capsys.readouterr().err
    with report.open("a") as file:
        file.write('{"suffix": "TORN')
    monkeypatch.setattr("pith_tui.cli.cache.verify.verify_all", real_sweep)
    assert main(arguments) == exit_codes.USAGE
    assert main([*arguments, "--resume", "cat:cs"]) == exit_codes.USAGE
    capsys.readouterr()
    assert main([*arguments, "--resume"]) == exit_codes.UNDECIDED
    assert "35 of 35 records" in capsys.readouterr().out
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    assert len({line["suffix"] for line in lines if "suffix" in line}) == 35
    assert lines[-1]["sum"]["verdicts"] == {"UNDECIDED": 35}
    assert main(["cache", "verify", "--resume"]) == exit_codes.USAGE


# Looking into it


def test_info_list_and_history(cache: Cache, capsys: Captured) -> None:
    file_record(cache, real_record(), NOW - timedelta(days=2))
    later = real_record().replace(b"Bingquan Shen, ", b"")
    file_record(cache, later, NOW)
    put(cache, title="Evil \x1b[2J title")
    assert main(["cache", "info", "--json"]) == exit_codes.OK
    info = json.loads(capsys.readouterr().out)
    assert (info["records"], info["answers"], info["damage"]) == (2, 3, None)
    assert main(["cache", "info", "--thorough"]) == exit_codes.OK
    assert "integrity  whole" in capsys.readouterr().out
    assert main(["cache", "list"]) == exit_codes.OK
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[2] for line in lines] == ["2503.11832v5", "2401.00001v1"]
    assert "␛[2J" in lines[1]
    assert main(["cache", "list", "safety", "--json"]) == exit_codes.OK
    assert json.loads(capsys.readouterr().out)["suffix"] == REAL_SUFFIX
    assert main(["cache", "show", "2503.11832", "--history"]) == exit_codes.OK
    out = capsys.readouterr().out
    assert out.count(REAL_SUFFIX) == 2
    assert "· claimed  paper.authors_text  Bingquan Shen, Gaowen Liu" in out
    assert main(["cache", "show", "2503.11832", "--history", "--json"]) == exit_codes.OK
    first, second = json.loads(capsys.readouterr().out)
    assert [each["path"] for each in first["changed"]] == [
        "$.paper.authors_text",
        "$.graph_snapshot.paper.authors_text",
    ]
    assert second["changed"] is None
    assert main(["cache", "show", "2401.99999"]) == exit_codes.NOT_FOUND


# Fetching many


def test_many_are_fetched_left_alone_and_gone_on_with(
    path: Path, tmp_path: Path, capsys: Captured
) -> None:
    with Registry(KEY) as registry:
        registry.add(real_record())
        trees = [synthetic(n, KEY) for n in range(6)]
        for tree in trees:
            registry.add(tree)
        ids = tmp_path / "ids.txt"
        named = [f"{t['source']['id']}v{t['source']['version']}" for t in trees]
        ids.write_text("# some\n" + "\n".join([*named, "2503.11832", "", "2401.99999"]))
        fast = ["--server", registry.url, "--rate", "1000", "--file", str(ids)]
        assert main(["fetch", *fast]) == exit_codes.NOT_FOUND
        out = capsys.readouterr().out
        assert "6  fetched, UNDECIDED" in out
        assert "1  fetched, VERIFIED" in out
        assert "1  not found" in out
        before = len(registry.requests)
        assert main(["fetch", *fast]) == exit_codes.NOT_FOUND
        assert "7  stored and fresh" in capsys.readouterr().out
        assert len(registry.requests) == before + 1
        assert main(["fetch", *fast, "--fresh", "0"]) == exit_codes.NOT_FOUND
        assert "6  unchanged, UNDECIDED" in capsys.readouterr().out
        registry.fail("/", Fault(500), times=2)
        assert main(["fetch", "2401.77777", "--server", registry.url]) == exit_codes.UNREACHABLE


@pytest.mark.parametrize("by_stdin", [True, False])
def test_a_line_that_is_no_id_is_said_and_the_others_are_fetched(
    path: Path,
    tmp_path: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    by_stdin: bool,
) -> None:
    lines = b"# ids\n2503.11832\nnonsense\x1b[2J\n\xff\xfe\n"
    ids = tmp_path / "ids.txt"
    ids.write_bytes(lines)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines)))
    with Registry(KEY) as registry:
        registry.add(real_record())
        source = ["-"] if by_stdin else ["--file", str(ids)]
        assert main(["fetch", *source, "--server", registry.url]) == exit_codes.USAGE
    out, err = capsys.readouterr()
    name = "standard input" if by_stdin else str(ids)
    assert f"{name}:3: " in err
    assert f"{name}:4: " in err
    assert "\x1b" not in err
    assert "1  fetched, VERIFIED" in out
    assert "2  refused" in out


def test_where_no_line_is_an_id_nothing_is_asked(
    path: Path, tmp_path: Path, capsys: Captured
) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text("no id at all\n")
    assert main(["fetch", "--file", str(ids), "--server", "http://127.0.0.1:9"]) == exit_codes.USAGE
    assert f"{ids}:1: " in capsys.readouterr().err


def test_fetching_keeps_to_its_rate(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    naps: list[float] = []
    real_sleep = asyncio.sleep

    async def nap(seconds: float) -> None:
        naps.append(seconds)
        await real_sleep(0)

    monkeypatch.setattr("pith_tui.cli.fetch.asyncio.sleep", nap)
    with Registry(KEY) as registry:
        ids = [f"{s['id']}v{s['version']}" for s in (synthetic(n, KEY)["source"] for n in range(4))]
        for number in range(4):
            registry.add(synthetic(number, KEY))
        main(["fetch", *ids, "--server", registry.url, "--rate", "0.5", "--jobs", "4"])
    waits = sorted(naps)[-4:]
    assert waits[0] == pytest.approx(0, abs=0.5)
    assert waits[-1] == pytest.approx(6, abs=0.7)


@pytest.mark.parametrize(
    "arguments",
    [["fetch"], ["fetch", "x"], ["fetch", "2503.11832", "--offline"], ["fetch", "--file", "/no"]],
)
def test_what_cannot_be_fetched_is_said(path: Path, arguments: list[str], capsys: Captured) -> None:
    assert main(arguments) == exit_codes.USAGE
    assert capsys.readouterr().err


def test_progress_is_silent_where_nobody_looks(path: Path, tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_bytes(real_record())
    command = [sys.executable, "-m", "pith_tui", "cache", "import", str(tmp_path / "r.jsonl")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr.splitlines() == [
        "pith-tui: nothing was verified yet; `pith-tui cache verify` does that"
    ]


# Equivocation and salvage


def test_two_signed_contents_for_one_version_are_an_alarm(
    cache: Cache, capsys: Captured, path: Path
) -> None:
    put(cache, arxiv="2401.00005")
    put(cache, arxiv="2401.00005", title="The Other Face")
    put(cache, arxiv="2401.00005", version=2)
    assert len(records.group_by_work(cache)) == 1
    assert main(["cache", "verify"]) == exit_codes.UNDECIDED  # nobody trusted signed them
    assert "ALARM" not in capsys.readouterr().err
    assert main(["keys", "add", KEY.key_id, KEY.public_b64, "--yes"]) == exit_codes.OK
    assert main(["cache", "verify"]) == exit_codes.FAILED
    assert "ALARM: 2401.00005v1 was signed with two" in capsys.readouterr().err


def test_what_can_be_read_of_a_damaged_cache_is_saved(path: Path, capsys: Captured) -> None:
    with closing(Cache.open(path, notice=quiet)) as cache:
        suffixes = [file_record(cache, wire(synthetic(n, KEY))).suffix for n in range(300)]
        with cache.reading() as connection:
            answer = connection.execute("SELECT stored FROM answer WHERE id = 150").fetchone()[0]
    broken = bytearray(path.read_bytes())
    middle = broken.find(answer[:50]) // 4096 * 4096
    broken[middle : middle + 3 * 4096] = b"\xff" * (3 * 4096)
    path.write_bytes(broken)
    assert main(["cache", "repair"]) == exit_codes.OK
    err = capsys.readouterr().err
    assert "answers that could still be read" in err
    asides = [each for each in path.parent.iterdir() if ".damaged-" in each.name]
    assert [each.read_bytes() for each in asides if not each.name.endswith(("-shm", "-wal"))] == [
        bytes(broken)
    ]
    with closing(Cache.open(path, notice=quiet)) as cache:
        held = [suffix for suffix in suffixes if cache.latest(suffix) is not None]
        assert 150 < len(held) < 300
        assert records.cache_info(cache, thorough=True).damage is None
        assert len(found(cache, "")) == len(held)


def test_there_is_nothing_to_repair_where_nothing_is(path: Path, capsys: Captured) -> None:
    assert main(["cache", "repair"]) == exit_codes.USAGE
    assert "nothing to repair" in capsys.readouterr().err


def test_a_whole_cache_is_not_called_damaged(path: Path, capsys: Captured) -> None:
    with closing(Cache.open(path, notice=quiet)) as cache:
        file_record(cache, real_record())
    assert main(["cache", "repair"]) == exit_codes.OK
    err = capsys.readouterr().err
    assert "was damaged" not in err
    assert "has been moved to" in err
    assert "a new one was begun with 1 answers\n" in err


@pytest.mark.parametrize("by_option", [True, False])
@pytest.mark.parametrize(
    "command",
    ["cache info", "cache repair", "cache import x.json", "verify 2503.11832", "fetch 2503.11832"],
)
def test_a_file_of_another_kind_is_refused_and_left_alone(
    tmp_path: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    by_option: bool,
) -> None:
    thesis = tmp_path / "thesis.tex"
    thesis.write_text("\\documentclass{book}")
    words = command.split()
    if by_option:
        words += ["--cache", str(thesis)]
    else:
        monkeypatch.setenv("PITH_TUI_CACHE", str(thesis))
    assert main(words) == exit_codes.USAGE
    assert "thesis.tex is not a cache of this program" in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir() if "thesis" in each.name] == ["thesis.tex"]
    assert thesis.read_text() == "\\documentclass{book}"


@pytest.mark.parametrize("command", ["info", "list", "show 2503.11832", "prune --keep 1", "verify"])
def test_a_cache_that_is_not_there_is_said_and_not_made(
    tmp_path: Path, capsys: Captured, command: str
) -> None:
    there = tmp_path / "none.sqlite3"
    assert main(["cache", *command.split(), "--cache", str(there)]) == exit_codes.USAGE
    assert f"there is no cache at {there}" in capsys.readouterr().err
    assert not there.exists()
