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
from tests.stored import KEY, NOW, TRUSTED, conflicting_record, damage, file_record, put
from tests.support import REAL_SUFFIX, real_record

Captured = pytest.CaptureFixture[str]


def test_all_records_are_verified_and_damage_is_found(cache: Cache, path: Path) -> None:
    for number in range(20):
        file_record(cache, wire(synthetic(number, KEY)))
    forged = build(Paper(), KEY)
    forged["paper"]["title"] = "Forged"
    bad = file_record(cache, wire(forged)).suffix
    torn = file_record(cache, real_record()).suffix
    damage(cache, torn)
    last = records.last_number(cache)
    results = list(iter_batches(path, parse_query(""), TRUSTED, after=0, until=last, processes=1))
    verdicts = sum((result.verdicts for result in results), start=type(results[0].verdicts)())
    assert verdicts == {"VERIFIED": 20, "FAILED": 1, DAMAGED: 1}
    notable = {problem.suffix: problem.checks for result in results for problem in result.problems}
    assert notable == {bad: ("title",), torn: ()}
    assert main(["cache", "verify"]) == exit_codes.FAILED


def test_interrupted_verification_is_resumed_from_its_report(
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
        for count, batch in enumerate(real_batches(*args, **kwargs)):  # type: ignore[arg-type]
            if count == 2:
                raise KeyboardInterrupt
            yield batch

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
    assert main(["cache", "verify"]) == exit_codes.UNDECIDED  # not signed by a trusted key
    assert "ALARM" not in capsys.readouterr().err
    assert main(["keys", "add", KEY.key_id, KEY.public_b64, "--yes"]) == exit_codes.OK
    assert main(["cache", "verify"]) == exit_codes.ATTENTION
    err = capsys.readouterr().err
    assert "ALARM: two different contents were signed for this version" in err
    assert "2401.00005v1: " in err


def trust_the_test_key() -> None:
    assert main(["keys", "add", KEY.key_id, KEY.public_b64, "--yes"]) == exit_codes.OK


def store_misdelivered(cache: Cache) -> str:
    """Store a record as the response to a request for another number."""
    raw = real_record()
    catalog = file_record(cache, raw)
    wrong = f"https://example.org/pith/{'A' * 26}.json"
    cache.store(raw, catalog, origin=wrong, etag=None, received_at=NOW)
    return catalog.suffix


def test_exit_code_is_1_for_failed_records_only(cache: Cache, capsys: Captured) -> None:
    """Damage is a place that cannot be used (2), an alarm is something to look at (6)."""
    suffix = file_record(cache, real_record()).suffix
    assert main(["cache", "verify"]) == exit_codes.OK
    damage(cache, suffix)
    for command in ("verify", "list", "export", f"show {suffix}"):
        assert main(["cache", *command.split()]) == exit_codes.USAGE, command
    forged = build(Paper(), KEY)
    forged["paper"]["title"] = "Forged"
    file_record(cache, wire(forged))
    assert main(["cache", "verify"]) == exit_codes.FAILED


def test_misdelivered_record_needs_attention(
    cache: Cache, tmp_path: Path, capsys: Captured
) -> None:
    suffix = store_misdelivered(cache)
    report = tmp_path / "report.jsonl"
    assert main(["cache", "verify", "--report", str(report)]) == exit_codes.ATTENTION
    out, err = capsys.readouterr()
    assert f"{suffix}  VERIFIED  sent for another number" in out
    assert "ALARM: 1 record was sent by a server that was asked for another number" in err
    problem, sums = (json.loads(line) for line in report.read_text().splitlines()[1:])
    assert (problem["suffix"], problem["misdelivered"], problem["checks"]) == (suffix, True, [])
    assert (sums["sum"]["misdelivered"], sums["sum"]["checks"]) == (1, {})


def test_report_of_an_earlier_version_is_resumed(
    cache: Cache, tmp_path: Path, capsys: Captured
) -> None:
    """Earlier reports had a sentence instead of a check id, and no conflicts."""
    store_misdelivered(cache)
    filter_ = list(parse_query(""))
    report = tmp_path / "report.jsonl"
    sentence = "sent for another number"
    sums = {"after": 1, "notable": 1, "verdicts": {"VERIFIED": 1}, "checks": {sentence: 1}}
    lines: list[object] = [
        {"report": "pith-tui cache verify", "filter": filter_},
        {"suffix": REAL_SUFFIX, "verdict": "VERIFIED", "checks": [sentence]},
        {"sum": sums},
    ]
    report.write_text("".join(json.dumps(line) + "\n" for line in lines))
    arguments = ["cache", "verify", "--report", str(report), "--resume", "--json"]
    assert main(arguments) == exit_codes.ATTENTION
    [summary] = json.loads(capsys.readouterr().out)
    assert (summary["misdelivered"], summary["checks"], summary["conflicts"]) == (1, {}, {})
    assert summary["verdicts"] == {"VERIFIED": 1}


@pytest.mark.parametrize(
    "sums",
    [
        3,
        {"after": "1"},
        {"after": -1},
        {"after": True},
        {"verdicts": []},
        {"checks": {"title": None}},
    ],
)
def test_damaged_sums_are_reported_and_the_report_is_unchanged(
    cache: Cache, tmp_path: Path, capsys: Captured, sums: object
) -> None:
    report = tmp_path / "report.jsonl"
    head = {"report": "pith-tui cache verify", "filter": list(parse_query(""))}
    text = f"{json.dumps(head)}\n{json.dumps({'sum': sums})}\n"
    report.write_text(text)
    arguments = ["cache", "verify", "--report", str(report), "--resume"]
    assert main(arguments) == exit_codes.USAGE
    assert "are damaged" in capsys.readouterr().err
    assert report.read_text() == text


def test_conflicts_are_reported_and_count_with_strict(
    cache: Cache, tmp_path: Path, capsys: Captured
) -> None:
    trust_the_test_key()
    suffix = file_record(cache, conflicting_record()).suffix
    put(cache, arxiv="2401.00002")
    report = tmp_path / "report.jsonl"
    capsys.readouterr()
    assert main(["cache", "verify", "--report", str(report)]) == exit_codes.OK
    assert capsys.readouterr().out.splitlines() == [
        "2 of 2 records",
        "           2  VERIFIED",
        "conflicts",
        "           1  status",
        f"{suffix}  VERIFIED  conflict: status",
    ]
    problem, sums = (json.loads(line) for line in report.read_text().splitlines()[1:])
    assert (problem["suffix"], problem["conflicts"]) == (suffix, ["status"])
    assert sums["sum"]["conflicts"] == {"status": 1}
    assert main(["cache", "verify", "--json", "--strict"]) == exit_codes.ATTENTION
    assert json.loads(capsys.readouterr().out)[0]["conflicts"] == {"status": 1}
    assert main(["cache", "verify", "--strict", "2401.00002"]) == exit_codes.OK


def test_different_licence_for_a_version_is_a_notice(cache: Cache, capsys: Captured) -> None:
    """arXiv changes licences without a new version, so an honest service can sign both."""
    trust_the_test_key()
    both = {put(cache), put(cache, license="http://arxiv.org/licenses/nonexclusive-distrib/1.0/")}
    capsys.readouterr()
    assert main(["cache", "verify", "--json"]) == exit_codes.OK
    out, err = capsys.readouterr()
    case = json.loads(out)[0]["equivocations"][0]
    assert (case["work"], case["alarm"], set(case["suffixes"])) == ("2401.00001v1", False, both)
    assert "note: another licence" in err
    assert main(["cache", "verify", "--strict"]) == exit_codes.ATTENTION
