"""Checking a bibliography against a local registry: requests and results."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest

from pith_tui.lookup.client import RegistryClient
from pith_tui.lookup.service import RecordService
from pith_tui.operations import check_bibliography
from pith_tui.operations.bibliography.comparison import Reason, Result
from pith_tui.operations.bibliography.reading import SourceFile
from pith_tui.operations.bibliography.remarks import RemarkKind, first_surname
from pith_tui.operations.check_bibliography import BibliographyCheck, EntryResult
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.store.cache import Cache
from tests.bibliographies import BIB, Expected, entries_of_both, plain_title
from tests.registry.records import Json, Paper, build, resign, wire
from tests.registry.server import Fault, Registry
from tests.stored import KEY, NOW, TRUSTED, file_record, file_records

ID = "2401.00001"
TITLE = "On the Testing of Terminal Programs"


def service(cache: Cache | None, registry: Registry | None = None) -> RecordService:
    urls = [] if registry is None else [registry.url]
    remote = (lambda: RegistryClient(urls, deadline=60, sleep=_no_sleep)) if registry else None
    return RecordService(cache, remote, TRUSTED, now=lambda: NOW)


async def _no_sleep(seconds: float) -> None:
    del seconds


def entry(title: str | None = TITLE, eprint: str = ID, more: str = "") -> str:
    written = "" if title is None else f"title = {{{title}}}, "
    return f"@misc{{key, {written}eprint = {{{eprint}}}, {more}}}\n"


async def check(library: RecordService, *texts: str, refresh: bool = False) -> list[EntryResult]:
    files = [SourceFile(f"file{n}", text.encode()) for n, text in enumerate(texts)]
    checking = BibliographyCheck(library, files, refresh=refresh)
    checking.find_stored()
    if checking.to_ask:
        await checking.ask_servers(lambda _: None, rate=10_000, jobs=4)
    return list(checking.results())


async def check_one(library: RecordService, text: str) -> check_bibliography.IdResult:
    ((result,),) = [result.ids for result in await check(library, text)]
    return result


def kinds(result: check_bibliography.IdResult) -> list[RemarkKind]:
    return [remark.kind for remark in result.remarks]


# What comes of an entry


@pytest.mark.parametrize(
    ("text", "result", "reason"),
    [
        (entry(), Result.SAME, None),
        (entry("{On the {T}esting of Terminal Programs.}"), Result.SAME, None),
        (entry("On the Testing of Terminal Programs: a Survey"), Result.PART, None),
        (entry("Attention is All You Need"), Result.OTHER, None),
        (entry(None), Result.NOT_CHECKED, Reason.NO_TITLE_IN_ENTRY),
        (entry(eprint="2401.00002"), Result.NO_RECORD, None),
        (entry(eprint="2513.11832"), Result.IMPOSSIBLE, None),
        (entry(eprint="2712.00001"), Result.IMPOSSIBLE, None),
        (f"[1] A. B. {TITLE}. arXiv:{ID}\n", Result.SAME, None),
        (f"[1] A. B. On the testing of things. arXiv:{ID}\n", Result.OTHER, None),
        (f"[1] A. B. The Testing of Terminal Programs. arXiv:{ID}\n", Result.PART, None),
        (f"[1] A. B., Phys. Rev. D 1 (2024) 2, arXiv:{ID}\n", Result.NOT_CHECKED,
         Reason.NO_TITLE_IN_ENTRY),
        (f"As shown in arXiv:{ID}, much is possible here.\n", Result.NOT_CHECKED,
         Reason.NO_TITLE_IN_ENTRY),
    ],
)  # fmt: skip
async def test_entry_gets_the_expected_result(
    cache: Cache, registry: Registry, text: str, result: Result, reason: Reason | None
) -> None:
    registry.add(build(Paper(), KEY))
    checked = await check_one(service(cache, registry), text)
    assert (checked.result, checked.reason) == (result, reason)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("A. Lovelace, Quantum Logic, J. Logic 1 (2024)", Result.SAME),
        ("A. Lovelace. Quantum logic. J. Logic 1 (2024).", Result.SAME),
        ("A. Lovelace. “Quantum Logic” J. Logic 1 (2024).", Result.SAME),
        ("A. Lovelace. On the rise of quantum logic today. J. Logic (2024).", Result.OTHER),
        ("A. Lovelace, Int. J. Quantum Logic 1 (2024)", Result.NOT_CHECKED),
    ],
)
async def test_short_title_must_stand_alone_in_free_text(
    cache: Cache, text: str, result: Result
) -> None:
    file_record(cache, wire(build(Paper(title="Quantum Logic"), KEY)))
    assert (await check_one(service(cache), f"[1] {text}, arXiv:{ID}\n")).result is result


async def test_entry_without_an_id_tells_whether_it_names_arxiv(cache: Cache) -> None:
    named, other = await check(
        service(cache), "@misc{a, journal = {arXiv e-prints}}\n@misc{b, journal = {Nature}}\n"
    )
    assert (named.result, named.names_arxiv) == (Result.NO_ID, True)
    assert (other.result, other.names_arxiv) == (Result.NO_ID, False)


async def test_failed_record_gives_no_title_comparison(cache: Cache) -> None:
    forged = build(Paper(), KEY)
    forged["paper"]["title"] = "Attention is All You Need"
    file_record(cache, wire(forged))
    checked = await check_one(service(cache), entry("Attention is All You Need"))
    assert checked.result is Result.FAILED


async def test_unproved_title_is_not_compared(cache: Cache) -> None:
    unsigned = build(Paper(), KEY)
    del unsigned["receipt"]
    file_record(cache, wire(unsigned))
    checked = await check_one(service(cache), entry())
    assert (checked.result, checked.reason) == (Result.NOT_CHECKED, Reason.NOT_PROVED)


@pytest.mark.parametrize(
    ("text", "result", "reason"),
    [
        (entry("{On the Testing of Terminal Programs}"), Result.SAME, None),
        (f"[1] A. B. {TITLE}. arXiv:{ID}\n", Result.NOT_CHECKED, Reason.NO_TITLE_IN_RECORD),
        (f"[1] A. B. “{TITLE}” arXiv:{ID}\n", Result.SAME, None),
        (entry("Another one"), Result.NOT_CHECKED, Reason.NO_TITLE_IN_RECORD),
    ],
)
async def test_title_can_be_compared_by_its_hash_alone(
    cache: Cache, text: str, result: Result, reason: Reason | None
) -> None:
    untitled = build(Paper(), KEY)
    for part in (untitled, untitled["graph_snapshot"]):
        part["paper"]["title"] = None
    file_record(cache, wire(untitled))
    checked = await check_one(service(cache), text)
    assert (checked.result, checked.reason) == (result, reason)


async def test_entry_with_two_ids_has_a_result_for_each(cache: Cache, registry: Registry) -> None:
    registry.add(build(Paper(), KEY))
    registry.add(build(Paper(arxiv="2401.00002", title="Another title of some length"), KEY))
    (result,) = await check(service(cache, registry), entry(more="note = {see arXiv:2401.00002}"))
    assert [(item.id, item.where, item.result) for item in result.ids] == [
        (ID, ("eprint",), Result.SAME),
        ("2401.00002", ("note",), Result.OTHER),
    ]
    assert result.result is Result.OTHER


async def test_duplicate_entries_are_both_checked(cache: Cache) -> None:
    file_record(cache, wire(build(Paper(), KEY)))
    results = await check(service(cache), entry() + entry("Attention is All You Need"))
    assert [result.result for result in results] == [Result.SAME, Result.OTHER]


# Remarks


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("year = 2023", [RemarkKind.YEAR]),
        ("year = 2024", []),
        ("date = {2025-01}", []),
        ("author = {Lovelace, Ada and Nobody}", []),
        (r"author = {Ada L{\'o}velace}", []),
        ("author = {Nobody and Lovelace, Ada}", [RemarkKind.AUTHOR]),
        ("author = {others}", []),
        ("author = {{Lovelace Collaboration}}", []),
    ],
)
async def test_year_and_first_author_give_remarks(
    cache: Cache, more: str, expected: list[RemarkKind]
) -> None:
    file_record(cache, wire(build(Paper(), KEY)))
    assert kinds(await check_one(service(cache), entry(more=more))) == expected


@pytest.mark.parametrize(
    ("author", "surname"),
    [
        ("{Merritt}, Stephanie R. and Other", "{Merritt}"),
        ("Ludwig van Beethoven", "Beethoven"),
        ("{{LIGO} Scientific Collaboration}", "{LIGO} Scientific Collaboration"),
        ("{A} and {B}", "A"),
        ("{Jos{\\'e}} Mu{\\~n}oz", "Mu{\\~n}oz"),
        ("", None),
    ],
)
def test_first_surname_is_extracted(author: str, surname: str | None) -> None:
    (read,) = SourceFile("x", f"@misc{{k, author = {{{author}}}}}".encode()).bibliography.entries
    assert first_surname(read) == surname


async def test_integrity_findings_are_counted_with_their_worst_severity(cache: Cache) -> None:
    record = build(Paper(), KEY)
    record["graph_snapshot"]["integrity"]["summary"] |= {"advisory": 2, "informational": 1}
    file_record(cache, wire(record))
    checked = await check_one(service(cache), entry())
    assert [remark.values for remark in checked.remarks] == [("3", "advisory")]


async def test_missing_version_is_remarked_with_the_version_that_has_the_title(
    cache: Cache,
) -> None:
    file_record(cache, wire(build(Paper(title="Testing of Terminals, a First Look"), KEY)))
    file_record(cache, wire(build(Paper(version=3), KEY)))
    checked = await check_one(service(cache), entry("Testing of Terminals, a First Look"))
    assert checked.result is Result.OTHER
    assert [(remark.kind, remark.values) for remark in checked.remarks] == [
        (RemarkKind.NO_VERSION, ("v3",)),
        (RemarkKind.STORED_VERSION, ("v1",)),
    ]


@pytest.mark.parametrize("named", [entry(eprint=f"{ID}v1"), entry(more="version = {1}")])
async def test_named_version_is_compared(cache: Cache, named: str) -> None:
    file_record(cache, wire(build(Paper(), KEY)))
    file_record(cache, wire(build(Paper(version=3, title="Quite another title now"), KEY)))
    checked = await check_one(service(cache), named)
    assert (checked.text, checked.result) == (f"{ID}v1", Result.SAME)
    assert [(remark.kind, remark.values) for remark in checked.remarks] == [
        (RemarkKind.NEWER_VERSION, ("v1", "v3"))
    ]


async def test_stored_record_with_the_title_of_the_entry_is_named(cache: Cache) -> None:
    file_record(cache, wire(build(Paper(), KEY)))
    other = Paper(arxiv="2401.00002", title=r"On {\L}ukasiewicz Logic \& More")
    file_record(cache, wire(build(other, KEY)))
    checked = await check_one(service(cache), entry(r"On {\L}ukasiewicz logic \& more."))
    assert (RemarkKind.OTHER_RECORD, ("2401.00002",)) in [
        (remark.kind, remark.values) for remark in checked.remarks
    ]


async def test_equivocation_is_a_finding(cache: Cache) -> None:
    file_record(cache, wire(build(Paper(), KEY)))
    file_record(cache, wire(build(Paper(title="The Other Face of Things"), KEY)))
    checked = await check_one(service(cache), entry())
    assert [finding.kind.is_alarm for finding in checked.findings] == [True]


# What is asked


async def test_each_id_is_looked_up_once(cache: Cache, registry: Registry) -> None:
    registry.add(build(Paper(), KEY))
    twice = entry(more=f"doi = {{10.48550/arXiv.{ID}}}") + entry().replace("key", "other")
    results = await check(service(cache, registry), twice, entry())
    assert [result.result for result in results] == [Result.SAME] * 3
    assert len(registry.requests) == 1


async def test_stored_record_is_used_whatever_its_age(cache: Cache, registry: Registry) -> None:
    file_record(cache, wire(build(Paper(), KEY)), NOW - timedelta(days=4000))
    assert (await check_one(service(cache, registry), entry())).result is Result.SAME
    assert registry.requests == []


async def test_refresh_asks_for_stored_records(cache: Cache, registry: Registry) -> None:
    file_record(cache, wire(build(Paper(), KEY)))
    registry.add(build(Paper(), KEY))
    (result,) = await check(service(cache, registry), entry(), refresh=True)
    assert result.result is Result.SAME
    assert len(registry.requests) == 1


async def test_offline_check_asks_no_server(cache: Cache) -> None:
    checked = await check_one(service(cache), entry())
    assert (checked.result, checked.reason) == (Result.NOT_CHECKED, Reason.NOT_STORED)


async def test_restarted_check_continues_with_the_rest(cache: Cache, registry: Registry) -> None:
    ids = [f"2401.0000{number}" for number in range(1, 7)]
    text = "".join(entry(f"Paper number {name}", name) for name in ids)
    for name in ids:
        registry.add(build(Paper(arxiv=name, title=f"Paper number {name}"), KEY))
    library = service(cache, registry)
    first = BibliographyCheck(library, [SourceFile("x", text.encode())])
    first.find_stored()
    asked: list[object] = []

    def stop_after_two(identifier: object) -> None:
        asked.append(identifier)
        if len(asked) == 2:
            first.stop()

    await first.ask_servers(lambda _: None, stop_after_two, rate=10_000, jobs=1)
    counts = Counter((result.ids[0].result, result.ids[0].reason) for result in first.results())
    assert counts == {(Result.SAME, None): 2, (Result.NOT_CHECKED, Reason.NOT_ASKED): 4}
    second = BibliographyCheck(library, [SourceFile("x", text.encode())])
    second.find_stored()
    assert (second.stored, len(second.to_ask)) == (2, 4)
    await second.ask_servers(lambda _: None, rate=10_000, jobs=4)
    assert all(result.result is Result.SAME for result in second.results())
    assert len(registry.requests) == 6


async def test_unreachable_servers_end_the_check_early(cache: Cache, registry: Registry) -> None:
    registry.fail("/", Fault(404), times=0)
    registry.fail("/", Fault(500), times=10_000)
    text = "".join(entry(eprint=f"2401.{number:05}") for number in range(1, 100))
    results = await check(service(cache, registry), text)
    reasons = Counter(result.ids[0].reason for result in results)
    assert reasons[Reason.NOT_REACHED] <= check_bibliography.MOST_UNREACHABLE + 4
    assert reasons[Reason.NOT_ASKED] >= 80


async def test_stopped_check_does_not_read_the_cache(cache: Cache) -> None:
    file_record(cache, wire(build(Paper(), KEY)))
    checking = BibliographyCheck(service(cache), [SourceFile("x", entry().encode())])
    checking.stop()
    checking.find_stored()
    assert checking.stored == 0


# Real bibliographies


def served(entries: Sequence[Expected], title_of: dict[str, str]) -> list[Json]:
    """Return records for the ids of real entries, with the first entry's title by default."""
    records: dict[str, Json] = {}
    for item in entries:
        for name in item.ids:
            title = title_of.get(name, plain_title(item.title or ""))
            paper = Paper(arxiv=name, title=title, submitted="1990-01-01T00:00:00Z", authors="")
            records.setdefault(name, build(paper, KEY))
    return list(records.values())


def results_of(cache: Cache, records: Sequence[Json]) -> list[EntryResult]:
    file_records(cache, map(wire, records))
    files = [SourceFile(f"{name}.bib", (BIB / f"{name}.bib").read_bytes()) for name in "ab"]
    checking = BibliographyCheck(service(cache), files)
    checking.find_stored()
    return list(checking.results())


def count(results: Sequence[EntryResult]) -> dict[Result, int]:
    return dict(Counter(result.result for result in results if result.ids))


@pytest.mark.shared
def test_honest_entries_have_the_same_title(cache: Cache) -> None:
    results = results_of(cache, served(entries_of_both(), {}))
    assert len(results) == 576
    assert count(results) == {Result.SAME: 278}


@pytest.mark.shared
def test_entries_with_ids_of_others_differ(cache: Cache) -> None:
    entries = entries_of_both()
    titles = {name: plain_title(item.title or "") for item in entries for name in item.ids}
    names = list(titles)
    shifted = {
        name: titles[other] for name, other in zip(names, names[1:] + names[:1], strict=True)
    }
    results = results_of(cache, served(entries, shifted))
    assert count(results) == {Result.OTHER: 278}


@pytest.mark.shared
@pytest.mark.parametrize("place", ["first", "longest", "last"])
def test_entries_with_a_content_word_changed_differ(cache: Cache, place: str) -> None:
    changed: dict[str, str] = {}
    for item in entries_of_both():
        title_words = plain_title(item.title or "").split()
        long = [index for index, word in enumerate(title_words) if len(word) > 3] or [0]
        longest = max(long, key=lambda index: len(title_words[index]))
        title_words[{"first": long[0], "longest": longest, "last": long[-1]}[place]] = "zebrafish"
        for name in item.ids:
            changed.setdefault(name, " ".join(title_words))
    results = results_of(cache, served(entries_of_both(), changed))
    assert count(results) == {Result.OTHER: 278}


@pytest.mark.shared
async def test_real_pairs_get_the_expected_results(cache: Cache) -> None:
    """Real citations of real titles, signed here by a test key."""
    for pair in json.loads((BIB / "pairs.json").read_bytes()):
        shown = pair["record_title"]
        proved = shown or pair["title_proved_by_hash"]
        record = build(
            Paper(arxiv=pair["record"], version=pair["record_version"], title=proved), KEY
        )
        metadata = record["canonical_record"]["metadata"]
        assert metadata["title_canon_sha256"] == pair["title_canon_sha256"]
        if shown is None:
            for part in (record, record["graph_snapshot"]):
                part["paper"]["title"] = None
        file_record(cache, wire(resign(record, KEY)))
        text = f"@misc{{k, title = {pair['title_as_written']}, eprint = {{{pair['record']}}}}}"
        checked = await check_one(service(cache), text)
        if pair["expected"] == "same":
            assert checked.result is Result.SAME
        elif shown is None:  # what is not shown cannot be compared, only recognised
            assert checked.reason is Reason.NO_TITLE_IN_RECORD
        else:
            assert checked.result is Result.PART
            assert RemarkKind.NO_VERSION in kinds(checked)
        assert parse_identifier(checked.id).arxiv == pair["record"]
