"""The registry's server: the endpoints of PROTOCOL.md on loopback, with faults on demand."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import socket
import ssl
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests.registry.records import Json, SigningKey, wire

SUFFIX = r"([A-Z2-7]{8,26})"


class Fault(NamedTuple):
    """What to answer instead; ``kind`` is a status or a name of a way to break."""

    kind: int | str
    headers: dict[str, str] = {}  # noqa: RUF012 - never changed
    body: bytes = b"{}"


class Seen(NamedTuple):
    """A request as it came in."""

    path: str
    headers: dict[str, str]


class Registry:
    """A running registry; use it as a context manager."""

    def __init__(self, key: SigningKey, *, tls_dir: Path | None = None, port: int = 0) -> None:
        self.key = key
        self.resolve_style = "record"
        self.requests: list[Seen] = []
        self.records: dict[str, bytes] = {}
        self.by_arxiv: dict[str, str] = {}
        self.released = threading.Event()
        self.stalled = threading.Event()
        self.ca_pem: Path | None = None
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
        authority.issue_cert("127.0.0.1").configure_cert(context)
        self.ca_pem = directory / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca_pem))
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def __enter__(self) -> Registry:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
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
        return suffix

    def fail(self, prefix: str, fault: Fault, times: int = 1) -> None:
        """Answer the next requests below a path with a fault."""
        self._faults += [(prefix, fault)] * times

    def next_fault(self, path: str) -> Fault | None:
        for index, (prefix, fault) in enumerate(self._faults):
            if path.startswith(prefix):
                del self._faults[index]
                return fault
        return None


class _Server(ThreadingHTTPServer):
    registry: Registry
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that hang up are what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet; requests are kept in ``Registry.requests``."""

    def do_GET(self) -> None:
        registry = self.server.registry
        registry.requests.append(Seen(self.path, {k.lower(): v for k, v in self.headers.items()}))
        fault = registry.next_fault(self.path)
        if fault is not None:
            self._break(fault)
            return
        url = urlsplit(self.path)
        for pattern, answer in _ROUTES:
            found = re.fullmatch(pattern, url.path)
            if found:
                answer(self, found, parse_qs(url.query))
                return
        self._send(404, b'{"detail":"Not Found"}')

    def _record(self, found: re.Match[str], query: dict[str, list[str]]) -> None:
        del query
        suffix = found.group(1)
        registry = self.server.registry
        matching = [raw for full, raw in registry.records.items() if full.startswith(suffix)]
        if len(matching) != 1:
            self._send(404, b'{"detail":"Not Found"}')
            return
        self._send_record(matching[0])

    def _send_record(self, raw: bytes) -> None:
        etag = f'"{hashlib.sha256(raw).hexdigest()[:32]}"'
        if self.headers.get("If-None-Match") == etag:
            self._send(304, b"", {"ETag": etag})
        else:
            self._send(200, raw, {"ETag": etag})

    def _page(self, found: re.Match[str], query: dict[str, list[str]]) -> None:
        if "application/ld+json" in (self.headers.get("Accept") or ""):
            self._record(found, query)
        else:
            page = f"<html><title>{found.group(1)}</title></html>".encode()
            self._send(200, page, {"Content-Type": "text/html"})

    def _bundle(self, found: re.Match[str], query: dict[str, list[str]]) -> None:
        del query
        raw = self.server.registry.records.get(found.group(1))
        if raw is None:
            self._send(404, b'{"detail":"Not Found"}')
            return
        tree = json.loads(raw)
        payload = {k: tree[k] for k in ("canonical_record", "canonical_sha256", "receipt")}
        created = {"event_type": "record_created", "subject_pith_number": tree["pith_number"]}
        bundle = {
            "bundle_type": "pith_open_graph_bundle",
            "bundle_version": "1.0",
            **{k: tree[k] for k in ("pith_number", "short_pith_number", "canonical_record")},
            "canonical_sha256": tree["canonical_sha256"],
            "source": tree["source"],
            "source_aliases": tree["aliases"],
            "events": [{**created, "target": "record", "payload": payload}],
        }
        self._send(200, wire(bundle))

    def _resolve(self, found: re.Match[str], query: dict[str, list[str]]) -> None:
        del found
        registry = self.server.registry
        asked = (query.get("arxiv") or query.get("doi") or [""])[0]
        suffix = registry.by_arxiv.get(asked)
        if suffix is None:
            self._send(404, b'{"detail":"Not Found"}')
        elif registry.resolve_style == "record":
            self._send_record(registry.records[suffix])
        elif registry.resolve_style == "object":
            number = json.loads(registry.records[suffix])["pith_number"]
            self._send(200, wire({"pith_number": number, "arxiv_id": asked}))
        else:
            self._send(302, b"", {"Location": f"/pith/{suffix}"})

    def _manifest(self, found: re.Match[str], query: dict[str, list[str]]) -> None:
        del found, query
        mirror = {"name": "Test", "base_url": self.server.registry.url, "public_key": self._key()}
        manifest = {"manifest_type": "pith_mirror_manifest", "mirrors": [mirror]}
        self._send(200, wire(manifest))

    def _signing_key(self, found: re.Match[str], query: dict[str, list[str]]) -> None:
        del found, query
        self._send(200, wire(self._key()))

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
        }

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        every = {"Content-Type": "application/json", **(headers or {})}
        for name, value in every.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 304:
            self.wfile.write(body)

    def _break(self, fault: Fault) -> None:
        if isinstance(fault.kind, int):
            self._send(fault.kind, fault.body, fault.headers)
            return
        self.close_connection = True
        getattr(self, f"_break_{fault.kind}")(fault)

    def _break_stall(self, fault: Fault) -> None:
        """Send nothing until the test, or the end of it, lets go."""
        del fault
        self.server.registry.stalled.set()
        self.server.registry.released.wait(30)

    def _break_drip(self, fault: Fault) -> None:
        """Send headers and half of the body, then stall."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b" " * 500)
        self.wfile.flush()
        self._break_stall(fault)

    def _break_truncated(self, fault: Fault) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + fault.body)

    def _break_reset(self, fault: Fault) -> None:
        del fault
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()

    def _break_garbage(self, fault: Fault) -> None:
        del fault
        self.wfile.write(b"this is no HTTP\r\n\r\n")

    def _break_endless(self, fault: Fault) -> None:
        """Send two MiB, which is twice what any record may have."""
        del fault
        self.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        for _ in range(32):
            self.wfile.write(b" " * 65536)

    def _break_bomb(self, fault: Fault) -> None:
        """Send a few kilobytes that unpack to eight MiB."""
        del fault
        self._send(200, gzip.compress(b" " * (8 << 20)), {"Content-Encoding": "gzip"})


_ROUTES = (
    (rf"/pith/{SUFFIX}\.json", _Handler._record),
    (rf"/pith/{SUFFIX}", _Handler._page),
    (rf"/pith/{SUFFIX}/bundle\.json", _Handler._bundle),
    (rf"/\.well-known/pith/{SUFFIX}/bundle\.json", _Handler._bundle),
    (r"/api/pith-number/resolve", _Handler._resolve),
    (r"/pith-mirrors\.json", _Handler._manifest),
    (r"/pith-signing-key\.json", _Handler._signing_key),
)
