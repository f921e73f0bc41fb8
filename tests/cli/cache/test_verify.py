"""``pith-tui cache verify``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.operations.verify_all import iter_batches
from pith_tui.operations.verify_ranges import DAMAGED
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.store.query import parse_query
from tests.registry.records import Paper, build, synthetic, wire
from tests.stored import KEY, TRUSTED, file_record, put
from tests.support import real_record

Captured = pytest.CaptureFixture[str]


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
    results = list(iter_batches(path, parse_query(""), TRUSTED, after=0, until=last, processes=1))
    verdicts = sum((each.verdicts for each in results), start=type(results[0].verdicts)())
    assert verdicts == {"VERIFIED": 20, "FAILED": 1, DAMAGED: 1}
    notable = {each.suffix: each.checks for result in results for each in result.problems}
    assert notable == {bad: ("title",), torn: ()}
    assert main(["cache", "verify"]) == exit_codes.FAILED


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
    real_batches = iter_batches

    def interrupted(*args: object, **kwargs: object) -> Iterator[object]:
        for count, each in enumerate(real_batches(*args, **kwargs)):  # type: ignore[arg-type]
            if count == 2:
                raise KeyboardInterrupt
            yield each

    monkeypatch.setattr("pith_tui.operations.verify_all.iter_batches", interrupted)
    assert main(arguments) == exit_codes.INTERRUPTED
    assert "repeat it with --resume" in capsys.readouterr().err
    with report.open("a") as file:
        file.write('{"suffix": "TORN')
    monkeypatch.setattr("pith_tui.operations.verify_all.iter_batches", real_batches)
    assert main(arguments) == exit_codes.USAGE
    assert main([*arguments, "--resume", "cat:cs"]) == exit_codes.USAGE
    capsys.readouterr()
    assert main([*arguments, "--resume"]) == exit_codes.UNDECIDED
    assert "35 of 35 records" in capsys.readouterr().out
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    assert len({line["suffix"] for line in lines if "suffix" in line}) == 35
    assert lines[-1]["sum"]["verdicts"] == {"UNDECIDED": 35}
    assert main(["cache", "verify", "--resume"]) == exit_codes.USAGE


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
    assert main(["cache", "verify"]) == exit_codes.ATTENTION
    err = capsys.readouterr().err
    assert "ALARM: two different contents were signed for this version" in err
    assert "2401.00005v1: " in err
