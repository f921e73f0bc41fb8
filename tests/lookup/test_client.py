"""The client: real HTTP and TLS on loopback, with every kind of server failure."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from pith_tui import __version__
from pith_tui.errors import NotFoundError, UnreachableError, UsageError
from pith_tui.lookup.client import RegistryClient, ServerResponse, Unchanged
from pith_tui.lookup.network import CaFile, Network
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.strict_json import MAX_SIZE
from pith_tui.user.servers import check_server
from tests.registry.records import Paper, SigningKey, build, wire
from tests.registry.server import Fault, Registry

KEY = SigningKey()
RECORD = wire(build(Paper(), KEY))
SUFFIX = json.loads(RECORD)["pith_number"].rpartition(":")[2]
ARXIV = parse_identifier("2401.00001")
NUMBER = parse_identifier(SUFFIX)
# A port that was free a moment ago is good enough to be refused.
NOBODY = "http://127.0.0.1:9"


class Sleeps(list[float]):
    """Replaces sleeping: records the requested durations."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry(KEY) as running:
        running.add(RECORD)
        yield running


@pytest.fixture
def sleeps() -> Sleeps:
    return Sleeps()


async def fetch(
    servers: list[str],
    asked: object = NUMBER,
    sleeps: Sleeps | None = None,
    *,
    etag: str | None = None,
    deadline: float = 60.0,
    network: Network | None = None,
) -> ServerResponse | Unchanged:
    remote = RegistryClient(
        servers,
        deadline=deadline,
        network=network,
        sleep=Sleeps() if sleeps is None else sleeps,
        jitter=lambda: 0.5,
    )
    try:
        known = None if etag is None else (f"{servers[0]}/pith/{SUFFIX}.json", etag)
        responses = await remote.fetch(asked, known=known)  # type: ignore[arg-type]
        return responses[0]
    finally:
        await remote.aclose()


async def test_fetch_by_pith_number_returns_the_exact_bytes(registry: Registry) -> None:
    response = await fetch([registry.url])
    assert isinstance(response, ServerResponse)
    assert response.raw == RECORD
    assert response.url == f"{registry.url}/pith/{SUFFIX}.json"
    assert response.etag
    assert registry.requests[0].headers["user-agent"].startswith(f"pith-tui/{__version__} ")


@pytest.mark.parametrize("style", ["record", "object", "redirect"])
@pytest.mark.parametrize("text", ["2401.00001", "2401.00001v1", "10.48550/arXiv.2401.00001"])
async def test_fetch_by_arxiv_id_accepts_every_form_of_resolve(
    registry: Registry, style: str, text: str
) -> None:
    registry.resolve_style = style
    response = await fetch([registry.url], parse_identifier(text))
    assert isinstance(response, ServerResponse)
    assert response.raw == RECORD


async def test_etag_is_sent_and_304_means_unchanged(registry: Registry) -> None:
    registry.resolve_style = "object"
    first = await fetch([registry.url], ARXIV)
    assert isinstance(first, ServerResponse)
    assert isinstance(await fetch([registry.url], NUMBER, etag=first.etag), Unchanged)
    assert isinstance(await fetch([registry.url], ARXIV, etag=first.etag), Unchanged)
    assert isinstance(await fetch([registry.url], ARXIV, etag='"other"'), ServerResponse)


async def test_404_is_not_found(registry: Registry) -> None:
    with pytest.raises(NotFoundError, match=r"2401\.99999"):
        await fetch([registry.url], parse_identifier("2401.99999"))


async def test_servers_are_asked_in_order(registry: Registry) -> None:
    with Registry(KEY) as empty:
        response = await fetch([empty.url, NOBODY, registry.url])
        assert response.url.startswith(registry.url)
        assert len(empty.requests) == 1
        with pytest.raises(NotFoundError):
            await fetch([empty.url, empty.url])
        with pytest.raises(UnreachableError, match=r"127\.0\.0\.1:9"):
            await fetch([empty.url, NOBODY])


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (500, "answered 500"),
        (403, "answered 403"),
        ("truncated", "broke off"),
        ("reset", "broke off|cannot be reached"),
        ("garbage", "broke off|cannot be read"),
        ("endless", f"more than {MAX_SIZE:,} bytes"),
        ("bomb", f"more than {MAX_SIZE:,} bytes"),
    ],
)
async def test_server_fault_is_reported(registry: Registry, kind: int | str, message: str) -> None:
    registry.fail("/pith", Fault(kind), times=5)
    with pytest.raises(UnreachableError, match=message) as caught:
        await fetch([registry.url])
    assert registry.url in str(caught.value)
    assert "--offline" in caught.value.hint


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"", b"\xff", b"[" * 100_000])
async def test_response_that_is_not_a_record_is_reported(registry: Registry, body: bytes) -> None:
    for path in ("/pith", "/api"):
        registry.fail(path, Fault(200, {}, body), times=1)
    with pytest.raises(UnreachableError, match="no record"):
        await fetch([registry.url])
    with pytest.raises(UnreachableError, match="sent no record"):
        await fetch([registry.url], ARXIV)


async def test_resolve_with_an_invalid_pith_number_is_refused(registry: Registry) -> None:
    registry.fail("/api", Fault(200, {}, b'{"pith_number": "../../etc"}'))
    with pytest.raises(UnreachableError, match="not a Pith Number"):
        await fetch([registry.url], ARXIV)


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.2:1/pith/X",
        "https://example.org/pith/X",
        "file:///pith/X",
        "//example.org/pith/X",
        "http://[",
        "http:pith/X",
        "http://user:secret@127.0.0.1/pith/X",
        "pith\x00X",
    ],
)
async def test_redirects_to_other_hosts_are_not_followed(registry: Registry, target: str) -> None:
    registry.fail("/api", Fault(302, {"Location": target}))
    with pytest.raises(UnreachableError):
        await fetch([registry.url], ARXIV)
    assert len(registry.requests) == 1


async def test_redirect_loop_ends(registry: Registry) -> None:
    registry.fail("/", Fault(302, {"Location": f"/pith/{SUFFIX}.json"}), times=50)
    with pytest.raises(UnreachableError, match="in a loop"):
        await fetch([registry.url])
    assert len(registry.requests) == 6


async def test_retry_after_is_respected(registry: Registry, sleeps: Sleeps) -> None:
    registry.fail("/pith", Fault(429, {"Retry-After": "3"}))
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=4), usegmt=True)
    registry.fail("/pith", Fault(503, {"Retry-After": then}))
    assert isinstance(await fetch([registry.url], NUMBER, sleeps), ServerResponse)
    assert sleeps[0] == 3.0
    assert 1.0 < sleeps[1] <= 4.0


async def test_retry_pauses_grow_without_retry_after(registry: Registry, sleeps: Sleeps) -> None:
    registry.fail("/pith", Fault(503), times=2)
    await fetch([registry.url], NUMBER, sleeps)
    assert sleeps == [0.5, 1.0]


async def test_long_retry_after_is_not_waited_for(registry: Registry, sleeps: Sleeps) -> None:
    registry.fail("/pith", Fault(429, {"Retry-After": "3600"}))
    with pytest.raises(UnreachableError, match="be tried again in 3600 seconds"):
        await fetch([registry.url], NUMBER, sleeps)
    assert sleeps == []


async def test_retries_are_limited(registry: Registry, sleeps: Sleeps) -> None:
    registry.fail("/pith", Fault(502), times=9)
    with pytest.raises(UnreachableError, match="502"):
        await fetch([registry.url], NUMBER, sleeps)
    assert len(registry.requests) == 3


async def test_wait_past_the_deadline_is_not_started(registry: Registry, sleeps: Sleeps) -> None:
    with Registry(KEY) as other:
        other.add(RECORD)
        registry.fail("/pith", Fault(503, {"Retry-After": "9"}), times=9)
        response = await fetch([registry.url, other.url], NUMBER, sleeps, deadline=8.9)
        assert response.url.startswith(other.url)
        assert (len(registry.requests), sleeps) == (1, [])


async def test_busy_server_error_says_when_to_retry(registry: Registry) -> None:
    registry.fail("/pith", Fault(429, {"Retry-After": "2"}), times=3)
    with pytest.raises(UnreachableError, match="be tried again in 2 seconds"):
        await fetch([registry.url])
    registry.fail("/pith", Fault(429, {"Retry-After": "9" * 400}))
    with pytest.raises(UnreachableError, match="be tried again in 31536000 seconds"):
        await fetch([registry.url])


@pytest.mark.parametrize("asked", [NUMBER, ARXIV])
async def test_304_without_a_stored_copy_is_an_error(registry: Registry, asked: object) -> None:
    registry.fail("/", Fault(304))
    with pytest.raises(UnreachableError, match="answered 304"):
        await fetch([registry.url], asked)


async def test_etag_is_sent_only_with_the_record_request(registry: Registry) -> None:
    stored = await fetch([registry.url])
    assert isinstance(stored, ServerResponse)
    for style in ("object", "redirect"):
        registry.requests.clear()
        registry.resolve_style = style
        assert isinstance(await fetch([registry.url], ARXIV, etag=stored.etag), Unchanged)
        sent = [request.headers.get("if-none-match") for request in registry.requests]
        assert sent == [None, stored.etag]


async def test_compression_is_not_requested_and_decompression_is_limited(
    registry: Registry,
) -> None:
    registry.fail("/pith", Fault(200, {"Content-Encoding": "gzip"}, gzip.compress(RECORD)))
    assert (await fetch([registry.url]))[0] == RECORD
    assert registry.requests[0].headers["accept-encoding"] == "identity"
    for fault, message in (
        (Fault("bomb", layers=2), "not requested"),
        (Fault(200, {"Content-Encoding": "br"}, RECORD), "not requested"),
        (Fault(200, {"Content-Encoding": "gzip"}, RECORD), "cannot be decompressed"),
        (Fault(200, {"Content-Encoding": "gzip"}, gzip.compress(RECORD)[:99]), "broke off"),
    ):
        registry.fail("/pith", fault)
        with pytest.raises(UnreachableError, match=message):
            await fetch([registry.url])


async def test_record_of_the_maximum_size_is_accepted(registry: Registry) -> None:
    body = b"{}" + b" " * (MAX_SIZE - 2)
    registry.fail("/pith", Fault(200, {}, body))
    assert (await fetch([registry.url]))[0] == body
    registry.fail("/pith", Fault(200, {}, body + b" "))
    with pytest.raises(UnreachableError, match=f"more than {MAX_SIZE:,} bytes"):
        await fetch([registry.url])


async def test_web_page_is_reported_as_such(registry: Registry) -> None:
    for path in ("/pith", "/api"):
        registry.fail(path, Fault(200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>"))
    with pytest.raises(UnreachableError, match="sent a web page instead of a record"):
        await fetch([registry.url])
    with pytest.raises(UnreachableError, match="sent a web page instead of a record"):
        await fetch([registry.url], ARXIV)


async def test_each_connection_failure_has_its_own_message(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, sleeps: Sleeps
) -> None:
    with pytest.raises(UnreachableError, match="refused the connection"):
        await fetch([NOBODY], sleeps=sleeps)
    assert sleeps == [0.5, 1.0]
    with pytest.raises(UnreachableError, match="does not speak TLS"):
        await fetch([registry.url.replace("http:", "https:")])

    async def lookup(*_args: object, **_named: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lookup)
    monkeypatch.setenv("NO_PROXY", "*")
    with pytest.raises(UnreachableError, match="name cannot be looked up"):
        await fetch(["https://mirror.invalid"])


async def test_malformed_http_is_not_retried(registry: Registry) -> None:
    registry.fail("/pith", Fault("garbage"))
    with pytest.raises(UnreachableError, match="cannot be read"):
        await fetch([registry.url])
    assert len(registry.requests) == 1


async def test_doi_and_short_form_are_sent_as_given(registry: Registry) -> None:
    with pytest.raises(NotFoundError):
        await fetch([registry.url], parse_identifier("10.1000/Xyz.1"))
    assert (await fetch([registry.url], parse_identifier(f"pith:{SUFFIX[:8]}")))[0] == RECORD
    doi, short = (request.path for request in registry.requests)
    assert "doi=10.1000%2Fxyz.1" in doi
    assert short == f"/pith/{SUFFIX[:8]}.json"


async def test_timeout_names_the_late_server_and_those_not_asked(registry: Registry) -> None:
    registry.fail("/pith", Fault("headers"))
    with pytest.raises(UnreachableError) as caught:
        await fetch([registry.url, NOBODY], deadline=0.2)
    assert f"{registry.url} sent no response within 0.2 seconds" in str(caught.value)
    assert f"{NOBODY} could not be asked in that time" in str(caught.value)


def test_client_without_servers_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no server"):
        RegistryClient([])


@pytest.mark.parametrize("kind", ["stall", "drip"])
async def test_deadline_covers_the_whole_request(registry: Registry, kind: str) -> None:
    registry.fail("/pith", Fault(kind), times=3)
    with pytest.raises(UnreachableError, match=r"0\.2 seconds|does not answer"):
        await fetch([registry.url], deadline=0.2)


async def test_waiting_for_the_rate_limit_does_not_count_against_the_deadline(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    passed, clock = 0.0, loop.time
    monkeypatch.setattr(loop, "time", lambda: clock() + passed)

    async def wait() -> None:
        nonlocal passed
        passed += 1000

    client = RegistryClient([registry.url], deadline=60)
    client.before_request = wait
    registry.resolve_style = "object"
    try:
        (response,) = await client.fetch(ARXIV)
        assert response.raw == RECORD
        registry.fail("/", Fault("stall"))
        stalled = asyncio.create_task(client.fetch(NUMBER))
        await asyncio.to_thread(registry.stalled.wait, 60)
        await wait()
        with pytest.raises(UnreachableError, match="no response within"):
            await stalled
    finally:
        await client.aclose()


async def test_fetch_can_be_cancelled(registry: Registry) -> None:
    registry.fail("/pith", Fault("stall"))
    task = asyncio.create_task(fetch([registry.url]))
    await asyncio.to_thread(registry.stalled.wait, 60)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_tls_accepts_a_trusted_authority_only(tmp_path: Path) -> None:
    with Registry(KEY, tls_dir=tmp_path) as registry:
        registry.add(RECORD)
        with pytest.raises(UnreachableError, match="certificate that is not trusted"):
            await fetch([registry.url])
        network = Network({}, ca_file=CaFile(str(registry.ca_pem), "--ca-file"))
        response = await fetch([registry.url], network=network)
        assert isinstance(response, ServerResponse)
        assert response.raw == RECORD
        with pytest.raises(UnreachableError):
            await fetch([registry.url.replace("https", "http")])


async def test_proxy_is_not_used_for_the_local_host(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", NOBODY)
    monkeypatch.setenv("ALL_PROXY", NOBODY)
    assert isinstance(await fetch([registry.url]), ServerResponse)


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://pith.science", "https://pith.science"),
        (
            "https://mirror.example.org:8443/pith-mirror/",
            "https://mirror.example.org:8443/pith-mirror",
        ),
        ("http://localhost:8765", "http://localhost:8765"),
        ("http://[::1]:8765/", "http://[::1]:8765"),
    ],
)
def test_acceptable_server_url_is_normalised(url: str, base: str) -> None:
    assert check_server(url) == base


@pytest.mark.parametrize(
    "url",
    [
        "http://pith.science",
        "http://127.0.0.1.example.org",
        "ftp://127.0.0.1",
        "pith.science",
        "https://user:secret@pith.science",
        "https://pith.science/?x=1",
        "https://pith.science/#x",
        "https://pith.science/\x1b",
        "https://pith.science:0",
        "https://pith.science:65536",
        "https://[::1::2]",
        "https://[1.2.3.4]",
        "",
    ],
)
def test_unacceptable_server_url_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_server(url)
    assert caught.value.hint
