"""Ways in which a server can fail to respond, on demand."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple

_CHUNK = b" " * 65536


class Fault(NamedTuple):
    """A fault to send instead of a response.

    ``kind`` is a status, sent with ``headers`` and ``body``, or the name of a way to break:

    - ``stall``: nothing at all, until released; then the right answer
    - ``headers``: a status line and half a header, until released
    - ``drip``: the headers and half of ``body``, the rest when released
    - ``truncated``: ``body``, of which the headers had promised more
    - ``endless``: ``size`` bytes of body, with no length promised
    - ``bomb``: a small body that unpacks to ``size`` bytes, gzip over gzip ``layers`` times
    - ``garbage``: a status line that is none
    - ``reset``: the connection is reset

    A redirect is a status with a ``Location``: to another host, another scheme, or in a loop.
    """

    kind: int | str
    headers: dict[str, str] = {}  # noqa: RUF012 - never changed
    body: bytes = b"{}"
    size: int = 17 << 20
    layers: int = 1


class FaultyHandler(BaseHTTPRequestHandler):
    """A request handler that can break in each of those ways."""

    server: Any
    """The server; its ``registry`` has the events ``stalled`` and ``released``, and ``closing``."""

    def answer(self) -> None:
        """Answer the request correctly."""
        raise NotImplementedError

    def send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Send an answer; the body of a 304 and of a HEAD is left out."""
        self.send_response(status)
        every = {"Content-Type": "application/json", **(headers or {})}
        for name, value in every.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 304 and self.command != "HEAD":
            self.wfile.write(body)

    def break_as(self, fault: Fault) -> None:
        """Send the requested fault."""
        if isinstance(fault.kind, int):
            self.send(fault.kind, fault.body, fault.headers)
            return
        # Only a complete response leaves the connection open: otherwise a client that was not told
        # of its end would send its next request in vain.
        if not getattr(self, f"_break_{fault.kind}")(fault):
            self.close_connection = True

    def _wait(self) -> bool:
        """Wait until the test releases the request; return False if the registry ends instead."""
        self.wfile.flush()
        stalled: threading.Event = self.server.registry.stalled
        released: threading.Event = self.server.registry.released
        stalled.set()
        return released.wait(30) and not self.server.registry.closing

    def _break_stall(self, fault: Fault) -> bool:
        del fault
        released = self._wait()
        if released:
            self.answer()
        return released

    def _break_headers(self, fault: Fault) -> bool:
        del fault
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Le")
        self._wait()
        return False

    def _break_drip(self, fault: Fault) -> bool:
        half = len(fault.body) // 2
        length = str(len(fault.body)).encode()
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\n")
        self.wfile.write(fault.body[:half])
        released = self._wait()
        if released:
            self.wfile.write(fault.body[half:])
        return released

    def _break_truncated(self, fault: Fault) -> bool:
        length = str(len(fault.body) + 1000).encode()
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\n")
        self.wfile.write(fault.body)
        return False

    def _break_endless(self, fault: Fault) -> bool:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        remaining = fault.size
        while remaining > 0:
            self.wfile.write(_CHUNK[:remaining])
            remaining -= len(_CHUNK)
        return False

    def _break_bomb(self, fault: Fault) -> bool:
        body = b" " * fault.size
        for _ in range(fault.layers):
            body = gzip.compress(body)
        encoding = ", ".join(["gzip"] * fault.layers)
        self.send(200, body, {"Content-Encoding": encoding})
        return True

    def _break_garbage(self, fault: Fault) -> bool:
        del fault
        self.wfile.write(b"this is no HTTP\r\n\r\n")
        return False

    def _break_reset(self, fault: Fault) -> bool:
        del fault
        # Lingering for zero seconds makes close() send a reset (socket(7), SO_LINGER).
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        return False
