"""Failing responses are stored, listed separately, and not exported."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.protocol.catalog_entry import catalog_entry
from pith_tui.protocol.record import Record
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.store.query import parse_query
from pith_tui.store.response_rows import NewResponse
from tests.registry.records import Json, Paper, build, wire
from tests.stored import KEY, NOW, TRUSTED, file_record

Captured = pytest.CaptureFixture[str]


def record(**changes: object) -> Json:
    return build(Paper(**changes), KEY)  # type: ignore[arg-type]


def forged(**changes: object) -> bytes:
    tree = record(**changes)
    tree["receipt"]["signature_b64"] = "A" * 86 + "=="
    return wire(tree)


@pytest.fixture
def suffixes(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Store a verified record, one whose latest response fails, and one with only failing ones."""
    for command in ("list", "export"):
        monkeypatch.setattr(f"pith_tui.cli.cache.{command}.load_keys", lambda directory: TRUSTED)
    later = NOW + timedelta(days=1)
    filed = [
        file_record(cache, wire(record(arxiv="2401.00001"))),
        file_record(cache, wire(record(arxiv="2401.00002"))),
        file_record(cache, forged(arxiv="2401.00003")),
    ]
    file_record(cache, forged(arxiv="2401.00002"), later)
    return [catalog.suffix for catalog in filed]


def test_failing_record_is_listed_separately(suffixes: list[str], capsys: Captured) -> None:
    assert main(["cache", "list"]) == exit_codes.ATTENTION
    captured = capsys.readouterr()
    assert [line.split("\t")[0] for line in captured.out.splitlines()] == suffixes[:2]
    assert f"{suffixes[2]} fails verification" in captured.err
    assert suffixes[1] not in captured.err
    assert main(["cache", "list", "--jsonl"]) == exit_codes.ATTENTION
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["suffix"] for line in lines] == suffixes[:2]
    # The failing record can still be shown.
    assert main(["cache", "show", suffixes[2]]) == exit_codes.OK
    assert main(["cache", "list", "2401.00001"]) == exit_codes.OK


def test_failing_record_is_not_exported(
    cache: Cache, suffixes: list[str], tmp_path: Path, capsys: Captured
) -> None:
    assert main(["cache", "export"]) == exit_codes.ATTENTION
    captured = capsys.readouterr()
    good = [wire(record(arxiv=f"2401.0000{n}")) for n in (1, 2)]
    assert captured.out.encode().splitlines() == good
    assert f"{suffixes[2]} fails verification" in captured.err
    assert "2 records written, 1 left out as failing verification" in captured.err
    site, lines = tmp_path / "site", tmp_path / "lines.jsonl"
    assert main(["cache", "export", "--mirror", str(site)]) == exit_codes.ATTENTION
    files = {path.stem: path.read_bytes() for path in (site / "pith").iterdir()}
    assert files == dict(zip(suffixes, good, strict=False))
    assert main(["cache", "export", "--output", str(lines)]) == exit_codes.ATTENTION
    assert lines.read_bytes().splitlines() == good
    # Nothing was removed and no verdict is remembered: trusting a key changes all of them.
    assert records.cache_info(cache).responses == 4
    assert len(cache.history(suffixes[1])) == 2


def test_no_verdict_is_ever_stored(cache: Cache, suffixes: list[str]) -> None:
    main(["cache", "verify"])
    main(["cache", "list"])
    assert len(suffixes) == 3
    with cache.reading() as connection:
        text = "\n".join(connection.iterdump()).upper()
    for word in ("VERIFIED", "UNDECIDED", "FAILED", "EVIDENCE"):
        assert word not in text.replace("CONTENT_ADDRESSED", "")


def with_title(shown: object, **changes: object) -> bytes:
    tree = record(**changes)
    tree["paper"]["title"] = shown
    return wire(tree)


@pytest.mark.parametrize("title", ["Forged", "Forged \ud800", None, 5], ids=ascii)
@pytest.mark.parametrize("forged_first", [False, True])
def test_false_title_does_not_hide_a_record_from_search(
    cache: Cache, title: object, forged_first: bool
) -> None:
    good = wire(record())
    bad = json.dumps(json.loads(with_title("")) | {"paper": {"title": title}}).encode()
    first, then = (bad, good) if forged_first else (good, bad)
    for behind in (None, cache.last_response_id()):
        for number, raw in enumerate((first, then, first, then)):
            catalog = catalog_entry(Record(raw))
            assert catalog is not None
            entry = NewResponse(raw, catalog, "", None, NOW + timedelta(days=number), behind=behind)
            cache.store_many([entry])
        assert cache.count() == 1
        assert len(list(records.iter_records(cache, parse_query("Testing")))) == 1
        assert not list(records.iter_records(cache, parse_query("Forged")))


def test_latest_response_is_searched_when_none_has_the_signed_title(cache: Cache) -> None:
    for number, title in enumerate(("First", "Second")):
        file_record(cache, with_title(title), NOW + timedelta(days=number))
    assert not list(records.iter_records(cache, parse_query("First")))
    assert len(list(records.iter_records(cache, parse_query("Second")))) == 1


def test_best_response_is_verified(cache: Cache, capsys: Captured) -> None:
    assert main(["keys", "add", KEY.key_id, KEY.public_b64, "--yes"]) == exit_codes.OK
    file_record(cache, wire(record()))
    file_record(cache, forged(), NOW + timedelta(days=1))
    capsys.readouterr()
    assert main(["cache", "verify"]) == exit_codes.OK
    assert "FAILED" not in capsys.readouterr().out
    assert main(["verify", "2401.00001", "--offline"]) == exit_codes.OK


def test_title_is_listed_in_its_proved_form(cache: Cache, capsys: Captured) -> None:
    assert main(["keys", "add", KEY.key_id, KEY.public_b64, "--yes"]) == exit_codes.OK
    file_record(cache, with_title("On \u212aelvin", title="on kelvin"))
    capsys.readouterr()
    assert main(["cache", "list"]) == exit_codes.OK
    assert capsys.readouterr().out.endswith("\ton kelvin\n")
    assert main(["cache", "list", "--json"]) == exit_codes.OK
    assert json.loads(capsys.readouterr().out)[0]["title"] == "on kelvin"
