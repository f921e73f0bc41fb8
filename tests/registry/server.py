"""The registry's server: the endpoints of docs/protocol.md on loopback, with faults on demand."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import socket
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests.registry.faults import Fault, FaultyHandler
from tests.registry.records import Json, SigningKey, wire
from tests.registry.sections import bundle, integrity_report, state

SUFFIX = r"([A-Z2-7]{8,26})"
ARXIV = r"([a-z-]+/[0-9]{7}|[0-9]{4}\.[0-9]{4,5})"

__all__ = ["Fault", "ReceivedRequest", "Registry"]


class ReceivedRequest(NamedTuple):
    """A request as received."""

    path: str
    headers: dict[str, str]
    method: str = "GET"


class Registry:
    """A running registry; use it as a context manager."""

    def __init__(self, key: SigningKey, *, tls_dir: Path | None = None, port: int = 0) -> None:
        self.key = key
        self.resolve_style = "record"
        self.requests: list[ReceivedRequest] = []
        self.records: dict[str, bytes] = {}
        self.by_arxiv: dict[str, str] = {}
        self.by_doi: dict[str, str] = {}
        self.released = threading.Event()
        self.stalled = threading.Event()
        self.closing = False
        self.ca_pem: Path | None = None
        self._lock = threading.Lock()
        self._faults: list[tuple[str, Fault]] = []
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.registry = self
        scheme = "http"
        if tls_dir is not None:
            scheme = "https"
            self._wrap_tls(tls_dir)
        self.url = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def _wrap_tls(self, directory: Path) -> None:
        import trustme

        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", "localhost", "registry.test").configure_cert(context)
        self.ca_pem = directory / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca_pem))
        # The handshake is left to each connection's thread: here, a silent client would block all
        # others, and the server from stopping.
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )

    def __enter__(self) -> Registry:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.closing = True
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._server.hang_up()
        self._thread.join(5)

    def add(self, record: Json | bytes) -> str:
        """Serve a record; returns its suffix.  Later ones for a work and version replace it."""
        raw = record if isinstance(record, bytes) else wire(record)
        tree = json.loads(raw)
        suffix = str(tree["pith_number"]).rpartition(":")[2]
        self.records[suffix] = raw
        source = tree["source"]
        self.by_arxiv[source["id"]] = suffix
        self.by_arxiv[f"{source['id']}v{source['version']}"] = suffix
        for alias in tree["aliases"]:
            if alias["alias_kind"] == "doi":
                self.by_doi[alias["alias_value"].lower()] = suffix
        return suffix

    def fail(self, prefix: str, fault: Fault, times: int = 1) -> None:
        """Answer the next requests below a path with a fault.

        After a ``stall`` or a ``drip`` began, ``stalled`` is set; setting ``released`` lets it go
        on: to the right answer, and to the rest of the body.  The end of the registry hangs up.
        """
        with self._lock:
            self._faults += [(prefix, fault)] * times

    def next_fault(self, path: str) -> Fault | None:
        with self._lock:
            for index, (prefix, fault) in enumerate(self._faults):
                if path.startswith(prefix):
                    del self._faults[index]
                    return fault
        return None


class _Server(ThreadingHTTPServer):
    registry: Registry
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._connections: set[socket.socket] = set()
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every connection, so that no thread waits for a client that keeps one open."""
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log nothing: some tests are about clients that hang up."""


class _Handler(FaultyHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Print nothing; requests are recorded in ``Registry.requests``."""

    def do_GET(self) -> None:  # noqa: N802 - the library's name
        registry = self.server.registry
        headers = {k.lower(): v for k, v in self.headers.items()}
        registry.requests.append(ReceivedRequest(self.path, headers, self.command))
        fault = registry.next_fault(self.path)
        if fault is not None:
            self.break_as(fault)
        else:
            self.answer()

    do_HEAD = do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the library's names

    def answer(self) -> None:
        """Answer a request as the service would."""
        if self.command not in ("GET", "HEAD"):
            self.close_connection = True  # whatever body came with it is left unread
            self.send(405, b'{"detail":"Method Not Allowed"}')
            return
        url = urlsplit(self.path)
        for pattern, answer in _ROUTES:
            match = re.fullmatch(pattern, url.path)
            if match:
                answer(self, match, parse_qs(url.query))
                return
        self.send(404, b'{"detail":"Not Found"}')

    def _record(self, match: re.Match[str], query: dict[str, list[str]]) -> None:
        del query
        suffix = match.group(1)
        registry = self.server.registry
        matching = [raw for full, raw in registry.records.items() if full.startswith(suffix)]
        if len(matching) != 1:
            self.send(404, b'{"detail":"Not Found"}')
            return
        self._send_record(matching[0])

    def _send_record(self, raw: bytes) -> None:
        etag = f'"{hashlib.sha256(raw).hexdigest()[:32]}"'
        if self.headers.get("If-None-Match") == etag:
            self.send(304, b"", {"ETag": etag})
        else:
            self.send(200, raw, {"ETag": etag})

    def _page(self, match: re.Match[str], query: dict[str, list[str]]) -> None:
        if "application/ld+json" in (self.headers.get("Accept") or ""):
            self._record(match, query)
        else:
            page = f"<html><title>{match.group(1)}</title></html>".encode()
            self.send(200, page, {"Content-Type": "text/html"})

    def _bundle(self, match: re.Match[str], query: dict[str, list[str]]) -> None:
        del query
        self._built(match.group(1), bundle)

    def _state(self, match: re.Match[str], query: dict[str, list[str]]) -> None:
        del query
        self._built(match.group(1), lambda record: state(record, self.server.registry.key))

    def _integrity(self, match: re.Match[str], query: dict[str, list[str]]) -> None:
        del query
        registry = self.server.registry
        suffix = registry.by_arxiv.get(match.group(1), "")
        self._built(suffix, lambda record: integrity_report(record, registry.key))

    def _built(self, suffix: str, build: Callable[[Json], Json]) -> None:
        raw = self.server.registry.records.get(suffix)
        if raw is None:
            self.send(404, b'{"detail":"Not Found"}')
        else:
            self._send_record(wire(build(json.loads(raw))))

    def _resolve(self, match: re.Match[str], query: dict[str, list[str]]) -> None:
        del match
        registry = self.server.registry
        asked = (query.get("arxiv") or query.get("doi") or [""])[0]
        suffix = registry.by_arxiv.get(asked) or registry.by_doi.get(asked.lower())
        if suffix is None:
            self.send(404, b'{"detail":"Not Found"}')
        elif registry.resolve_style == "record":
            self._send_record(registry.records[suffix])
        elif registry.resolve_style == "object":
            number = json.loads(registry.records[suffix])["pith_number"]
            self.send(200, wire({"pith_number": number, "arxiv_id": asked}))
        else:
            self.send(302, b"", {"Location": f"/pith/{suffix}"})

    def _manifest(self, match: re.Match[str], query: dict[str, list[str]]) -> None:
        del match, query
        url = self.server.registry.url
        mirror = {
            "name": "Test",
            "mirror_type": "https",
            "base_url": url,
            "bundle_pattern": f"{url}/pith/{{suffix}}/bundle.json",
            "state_pattern": f"{url}/pith/{{suffix}}/state.json",
            "well_known_pattern": f"{url}/.well-known/pith/{{suffix}}/bundle.json",
            "public_key": self._key(),
            "status": "primary",
        }
        manifest = {
            "manifest_type": "pith_mirror_manifest",
            "manifest_version": "1.0",
            "generated_at": "2026-05-19T20:12:26Z",
            "merge_version": "pith-open-graph-merge-v1",
            "mirrors": [mirror],
        }
        self.send(200, wire(manifest))

    def _signing_key(self, match: re.Match[str], query: dict[str, list[str]]) -> None:
        del match, query
        self.send(200, wire(self._key()))

    def _key(self) -> Json:
        key = self.server.registry.key
        return {
            "key_id": key.key_id,
            "algorithm": "ed25519",
            "format": "raw",
            "public_key_b64": key.public_b64,
            "public_key_hex": key.raw.hex(),
            "fingerprint_sha256_b32_first128bits": key.fingerprint_b32,
            "fingerprint_sha256_hex": key.fingerprint,
            "rotates_at": None,
        }


_ROUTES = (
    (rf"/pith/{SUFFIX}\.json", _Handler._record),
    (rf"/pith/{SUFFIX}", _Handler._page),
    (rf"/pith/{SUFFIX}/bundle\.json", _Handler._bundle),
    (rf"/\.well-known/pith/{SUFFIX}/bundle\.json", _Handler._bundle),
    (rf"/pith/{SUFFIX}/state\.json", _Handler._state),
    (rf"/pith/{ARXIV}/integrity\.json", _Handler._integrity),
    (r"/api/pith-number/resolve", _Handler._resolve),
    (r"/pith-mirrors\.json", _Handler._manifest),
    (r"/pith-signing-key\.json", _Handler._signing_key),
)
