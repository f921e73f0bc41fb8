"""One look-up: stored records, records of several servers, and findings from both."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.errors import UnreachableError
from pith_tui.lookup.client import RegistryClient
from pith_tui.lookup.look_up import LookUp, LookUpResult
from pith_tui.lookup.service import RecordService
from pith_tui.operations.fetch_many import Fetched, FetchEnd, FetchPlan, fetch_many
from pith_tui.output.lookup_text import result_messages
from pith_tui.protocol import reading, strict_json, verification
from pith_tui.protocol.catalog_entry import catalog_entry
from pith_tui.protocol.equivocation import Equivocation
from pith_tui.protocol.identifiers import Identifier, parse_identifier
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Report, Verdict
from pith_tui.store.cache import Cache
from tests.registry.records import Json, Paper, build, suffix_of, wire
from tests.registry.server import Fault, Registry
from tests.stored import KEY, NOW, TRUSTED, file_record, quiet
from tests.support import REAL_SUFFIX, real_record

ARXIV = parse_identifier("2401.00001")
Captured = pytest.CaptureFixture[str]


def record(**changes: object) -> Json:
    return build(Paper(**changes), KEY)  # type: ignore[arg-type]


def without_receipt() -> bytes:
    tree = record()
    del tree["receipt"]
    return wire(tree)


def forged() -> bytes:
    """Return a record whose shown title is not the signed one."""
    return wire(record()).replace(b"On the Testing", b"On the Forging")


@pytest.fixture
def servers() -> Iterator[tuple[Registry, Registry]]:
    with ExitStack() as stack:
        yield stack.enter_context(Registry(KEY)), stack.enter_context(Registry(KEY))


@pytest.fixture
def trusts_key(capsys: Captured) -> None:
    assert main(["keys", "add", KEY.key_id, KEY.public_b64, "--yes"]) == exit_codes.OK
    capsys.readouterr()


def service(cache: Cache | None, *servers: Registry, now: datetime = NOW) -> RecordService:
    urls = [server.url for server in servers]
    return RecordService(cache, lambda: RegistryClient(urls, deadline=60), TRUSTED, now=lambda: now)


async def look_up(
    used: RecordService, asked: Identifier = ARXIV, *, refresh: bool = False
) -> tuple[LookUpResult, list[str]]:
    notices: list[str] = []
    work = LookUp(used, asked, refresh=refresh, notice=notices.append)
    work.find_stored()
    await work.ask_servers()
    return work.result(), notices


@pytest.mark.parametrize("first", [without_receipt(), forged()])
async def test_second_server_is_asked_when_the_first_sends_no_verified_record(
    cache: Cache, servers: tuple[Registry, Registry], first: bytes
) -> None:
    for server, raw in zip(servers, (first, wire(record())), strict=True):
        server.add(raw)
    result, _ = await look_up(service(cache, *servers))
    assert result.shown.checked.report.verdict is Verdict.VERIFIED
    assert result.shown.where.startswith(servers[1].url)
    assert [other.raw for other in result.others] == [first]
    assert result.others[0].where.startswith(servers[0].url)
    # Both are kept as they were sent; the failing one does not hide the other.
    assert len(cache.history(suffix_of(record()))) == 2
    stored = service(cache, *servers).find_local(ARXIV)
    assert stored is not None
    assert stored.raw == wire(record())


@pytest.mark.usefixtures("trusts_key", "path")
@pytest.mark.parametrize(
    ("first", "verdict"), [(without_receipt(), "UNDECIDED"), (forged(), "FAILED")]
)
@pytest.mark.parametrize("command", ["show", "verify", "cite", "fetch"])
def test_server_that_sent_a_worse_record_is_named(
    servers: tuple[Registry, Registry], capsys: Captured, command: str, first: bytes, verdict: str
) -> None:
    for server, raw in zip(servers, (first, wire(record())), strict=True):
        server.add(raw)
    asked = [command, ARXIV.text, "--server", servers[0].url, "--server", servers[1].url]
    assert main(asked) == exit_codes.OK
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{servers[0].url}/" in line
    assert line.endswith(f" sent a record that is {verdict}; it is not shown")


async def test_equal_records_of_two_servers_give_no_message(
    cache: Cache, servers: tuple[Registry, Registry]
) -> None:
    for server in servers:
        server.add(without_receipt())
    result, notices = await look_up(service(cache, *servers))
    assert [*result_messages(result), *notices] == []


async def test_unreachable_second_server_is_reported(
    cache: Cache, servers: tuple[Registry, Registry]
) -> None:
    servers[0].add(without_receipt())
    servers[1].fail("/", Fault(500))
    result, notices = await look_up(service(cache, *servers))
    assert result.shown.checked.report.verdict is Verdict.UNDECIDED
    assert notices == [f"{servers[1].url} answered 500"]


async def test_first_verified_record_ends_the_look_up(
    cache: Cache, servers: tuple[Registry, Registry]
) -> None:
    for server in servers:
        server.add(record())
    result, _ = await look_up(service(cache, *servers))
    assert result.others == ()
    assert servers[1].requests == []


async def test_best_record_is_shown_when_none_is_verified(
    cache: Cache, servers: tuple[Registry, Registry]
) -> None:
    for server, raw in zip(servers, (forged(), without_receipt()), strict=True):
        server.add(raw)
    result, _ = await look_up(service(cache, *servers))
    assert result.shown.checked.report.verdict is Verdict.UNDECIDED
    assert [other.checked.report.verdict for other in result.others] == [Verdict.FAILED]


async def test_failing_response_never_outranks_the_stored_record(
    cache: Cache, servers: tuple[Registry, Registry]
) -> None:
    file_record(cache, wire(record()))
    servers[0].add(forged())
    result, _ = await look_up(service(cache, servers[0]))
    assert result.shown.raw == wire(record())
    assert result.fetched is not None
    assert result.fetched.raw == forged()


async def test_etag_is_sent_only_to_its_server(
    cache: Cache, servers: tuple[Registry, Registry]
) -> None:
    liar, honest = servers
    changed = wire(record(authors="Mallory"))
    honest.add(record())
    await look_up(service(cache, honest))
    etag = cache.history(suffix_of(record()))[0].etag
    assert etag
    asked = parse_identifier(suffix_of(record()))
    # A lying mirror sends other authors with the honest server's ETag.
    liar.fail("/pith", Fault(200, {"ETag": etag}, changed))
    later = NOW + timedelta(days=1)
    result, _ = await look_up(service(cache, liar, now=later), asked)
    assert result.fetched is not None
    assert result.fetched.raw == changed
    honest.requests.clear()
    result, _ = await look_up(service(cache, honest, now=later + timedelta(days=1)), asked)
    assert all("if-none-match" not in request.headers for request in honest.requests)
    assert result.shown.raw == wire(record())


async def test_etag_is_not_sent_to_another_server_on_the_same_host(
    cache: Cache, servers: tuple[Registry, Registry]
) -> None:
    server, _ = servers
    server.add(record())
    asked = parse_identifier(suffix_of(record()))
    catalog = catalog_entry(Record(wire(record())))
    assert catalog is not None
    where = f"{server.url}/mirror/pith/{asked.value}.json"
    cache.store(wire(record()), catalog, origin=where, etag='"x"', received_at=NOW)
    await look_up(service(cache, server), asked)
    assert "if-none-match" not in server.requests[-1].headers


@pytest.mark.parametrize("etag", ['"a\x01b"', '"\xe4"', f'"{"x" * 1024}"', "", '"a b"'])
async def test_unusable_etag_is_dropped(
    cache: Cache, servers: tuple[Registry, Registry], etag: str
) -> None:
    server, _ = servers
    server.add(record())
    asked = parse_identifier(suffix_of(record()))
    server.fail("/pith", Fault(200, {"ETag": etag}, wire(record())))
    result, _ = await look_up(service(cache, server), asked)
    assert result.shown.etag is None
    result, _ = await look_up(service(cache, server), asked)
    assert result.fetched is not None
    assert "if-none-match" not in server.requests[-1].headers


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault(200, {"Content-Type": "text/html"}, b"<html>log in</html>"), "web page"),
        (Fault(200, {}, b""), "sent no record"),
        (Fault(200, {}, wire(record())[:500]), "sent no record"),
        (Fault(200, {}, b'{"a": "\xff'), "sent no record"),
        (Fault(200, {"Content-Encoding": "gzip"}, gzip.compress(b"{}") + b"x"), "further bytes"),
        (Fault(302, {"Location": "http://user@127.0.0.1/pith/X"}), "user name"),
    ],
)
async def test_response_without_record_is_reported_and_the_next_server_asked(
    cache: Cache, servers: tuple[Registry, Registry], fault: Fault, message: str
) -> None:
    asked = parse_identifier(suffix_of(record()))
    servers[1].add(record())
    servers[0].fail("/pith", fault, times=2)
    result, notices = await look_up(service(cache, *servers), asked)
    assert result.shown.where.startswith(servers[1].url)
    assert [message in notice for notice in notices] == [True]
    with pytest.raises(UnreachableError, match=message) as caught:
        await look_up(service(None, servers[0]), asked)
    assert "Error" not in str(caught.value)


@pytest.mark.usefixtures("trusts_key")
@pytest.mark.parametrize(
    ("stored", "code"),
    [(wire(record()), exit_codes.UNREACHABLE), (forged(), exit_codes.FAILED)],
)
def test_refresh_without_answer_reports_the_stored_copy(
    cache: Cache,
    servers: tuple[Registry, Registry],
    capsys: Captured,
    stored: bytes,
    code: int,
) -> None:
    file_record(cache, stored)
    servers[0].fail("/", Fault(500), times=2)
    arguments = ["verify", ARXIV.text, "--server", servers[0].url]
    assert main([*arguments, "--refresh"]) == code
    output = capsys.readouterr()
    assert ("FAILED" if code == exit_codes.FAILED else "VERIFIED") in output.out
    assert "answered 500" in output.err
    if code == exit_codes.UNREACHABLE:
        assert main(arguments) == exit_codes.OK


@pytest.mark.usefixtures("trusts_key")
def test_refresh_of_a_record_gone_from_the_server_is_not_found(
    cache: Cache, servers: tuple[Registry, Registry], capsys: Captured
) -> None:
    file_record(cache, wire(record()))
    arguments = ["verify", ARXIV.text, "--server", servers[0].url]
    assert main([*arguments, "--refresh"]) == exit_codes.NOT_FOUND
    assert "VERIFIED" in capsys.readouterr().out
    assert main(arguments) == exit_codes.OK


@pytest.mark.usefixtures("trusts_key")
@pytest.mark.parametrize("command", ["verify", "show", "cite", "fetch"])
def test_known_equivocation_is_an_alarm_in_every_command(
    cache: Cache, servers: tuple[Registry, Registry], capsys: Captured, command: str
) -> None:
    servers[0].add(record())
    file_record(cache, wire(record(title="The Other Face")))
    assert main([command, ARXIV.text, "--server", servers[0].url]) == exit_codes.ATTENTION
    assert "ALARM" in capsys.readouterr().err


@pytest.mark.usefixtures("trusts_key")
@pytest.mark.parametrize("changes", [{"license": ""}, {"cross": ("cs.LG",)}])
def test_different_licence_is_a_notice_and_with_strict_an_exit_code(
    cache: Cache, capsys: Captured, changes: dict[str, object]
) -> None:
    file_record(cache, wire(record()))
    file_record(cache, wire(record(**changes)))
    for command in ("verify", "show"):
        assert main([command, ARXIV.text, "--offline"]) == exit_codes.OK
        assert "note: " in capsys.readouterr().err
        code = main([command, ARXIV.text, "--offline", "--strict"])
        assert code == exit_codes.ATTENTION


async def test_alarms_are_values_with_the_other_suffix(
    cache: Cache, servers: tuple[Registry, Registry]
) -> None:
    other = record(submitted="2024-02-01T10:00:00Z")
    file_record(cache, wire(other))
    servers[0].add(record())
    result, _ = await look_up(service(cache, servers[0]))
    assert [(alarm.kind, alarm.suffix) for alarm in result.alarms] == [
        (Equivocation.SIGNED_TWICE, suffix_of(other))
    ]


class Readings(NamedTuple):
    """The bytes that were parsed, and those that were verified."""

    parsed: list[bytes]
    verified: list[bytes]


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Readings:
    counted = Readings([], [])
    verify, parse = verification.verify, strict_json.parse

    def count_parse(raw: bytes) -> object:
        counted.parsed.append(raw)
        return parse(raw)

    def count_verify(
        record: Record, asked: Identifier | None, trusted: Sequence[PublicKey]
    ) -> Report:
        counted.verified.append(record.raw)
        return verify(record, asked, trusted)

    monkeypatch.setattr("pith_tui.protocol.record.parse", count_parse)
    monkeypatch.setattr(reading, "verify", count_verify)
    return counted


@pytest.mark.usefixtures("trusts_key")
@pytest.mark.parametrize(("differs", "responses"), [(False, 1), (True, 2)])
def test_show_parses_and_verifies_each_response_once(
    cache: Cache,
    servers: tuple[Registry, Registry],
    readings: Readings,
    differs: bool,
    responses: int,
) -> None:
    file_record(cache, wire(record()))
    servers[0].add(record(authors="Others") if differs else record())
    arguments = ["show", ARXIV.text, "--server", servers[0].url]
    readings.parsed.clear()
    assert main([*arguments, "--offline"]) == exit_codes.OK
    assert (len(readings.parsed), len(readings.verified)) == (1, 1)
    readings.parsed.clear()
    readings.verified.clear()
    assert main(arguments) == exit_codes.OK
    assert len(readings.verified) == len(set(readings.verified)) == responses
    # Nor does the search index read them again when it replaces the words of the first.
    assert sorted(readings.parsed) == sorted(readings.verified)


@pytest.mark.usefixtures("trusts_key")
def test_responses_of_two_servers_are_read_once_each(
    cache: Cache, servers: tuple[Registry, Registry], readings: Readings
) -> None:
    file_record(cache, wire(record(authors="Before")))
    readings.parsed.clear()
    for server, raw in zip(servers, (without_receipt(), wire(record())), strict=True):
        server.add(raw)
    arguments = ["show", ARXIV.text]
    for server in servers:
        arguments += ["--server", server.url]
    assert main(arguments) == exit_codes.OK
    assert len(readings.parsed) == len(readings.verified) == 3
    assert cache.count() == 1


@pytest.mark.parametrize("text", ["2503.11832", REAL_SUFFIX, REAL_SUFFIX[:8]])
@pytest.mark.parametrize("cached", [False, True])
def test_sample_is_read_once(cache: Cache, readings: Readings, text: str, cached: bool) -> None:
    if cached:
        file_record(cache, real_record())
    readings.parsed.clear()
    assert main(["show", text, "--offline"]) == exit_codes.OK
    assert readings.parsed == readings.verified == [real_record()]


async def _fetch(used: RecordService, plan: FetchPlan, *asked: Identifier) -> list[Fetched]:
    ended: list[Fetched] = []
    await fetch_many(used, asked, plan, ended.append, quiet)
    return ended


@pytest.mark.parametrize(
    ("checked_at", "hours", "end"),
    [
        (NOW - timedelta(hours=1), 24, FetchEnd.FRESH),
        (NOW - timedelta(hours=25), 24, FetchEnd.UNCHANGED),
        (NOW + timedelta(hours=1), 24, FetchEnd.UNCHANGED),
        (NOW, 0, FetchEnd.UNCHANGED),
    ],
)
async def test_recently_checked_record_is_skipped_unless_its_time_is_in_the_future(
    cache: Cache,
    servers: tuple[Registry, Registry],
    checked_at: datetime,
    hours: int,
    end: FetchEnd,
) -> None:
    servers[0].add(record())
    file_record(cache, wire(record()), checked_at)
    plan = FetchPlan(1e6, 1, timedelta(hours=hours), refresh=False)
    ended = await _fetch(service(cache, servers[0]), plan, ARXIV)
    assert [outcome.end for outcome in ended] == [end]
    assert bool(servers[0].requests) == (end is not FetchEnd.FRESH)


async def test_rate_counts_requests(
    cache: Cache, servers: tuple[Registry, Registry], rate_waits: list[float]
) -> None:
    servers[0].add(record())
    servers[0].resolve_style = "object"  # two requests for one id
    plan = FetchPlan(0.01, 1, timedelta(0), refresh=False)
    await _fetch(service(cache, servers[0]), plan, ARXIV)
    assert len(servers[0].requests) == 2
    assert rate_waits == [0, 100]
