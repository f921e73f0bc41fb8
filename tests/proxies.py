"""Proxies on loopback that connect every name to one server: CONNECT and SOCKS5, with faults."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from types import TracebackType
from typing import Any

_CHUNK = 65536


class Proxy:
    """A running proxy; use it as a context manager.

    ``fault`` is what it does instead of connecting: ``refuse`` (a status, or the SOCKS equivalent),
    ``close`` at once, ``silent`` until the end, or ``garbage``.  ``asked`` is where clients wanted
    to go, ``credentials`` what they gave for it.
    """

    def __init__(self, kind: str, target: str, *, fault: str = "", status: int = 407) -> None:
        host, _, port = target.rpartition("//")[2].partition(":")
        self.target = host, int(port)
        self.fault = fault
        self.status = status
        self.asked: list[str] = []
        self.credentials: list[str] = []
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), {"http": _Connect, "socks5": _Socks}[kind])
        self._server.proxy = self
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"{kind}://{self.host}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def __enter__(self) -> Proxy:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class _Server(socketserver.ThreadingTCPServer):
    proxy: Proxy
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log nothing: some tests are about clients that hang up."""


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        """Connect to the target, or do what the test wants instead."""
        fault = self.server.proxy.fault
        if fault == "close":
            return
        if fault == "silent":
            self.server.proxy.closing.wait(30)
        elif fault == "garbage":
            self.wfile.write(b"\x00garbage\r\n\r\n")
        elif self.agree():
            self.tunnel()

    def agree(self) -> bool:
        """Read where the client wants to go; return whether it may."""
        raise NotImplementedError

    def tunnel(self) -> None:
        """Forward bytes both ways until one side closes."""
        with socket.create_connection(self.server.proxy.target) as onward:
            back = threading.Thread(target=_carry, args=(onward, self.connection), daemon=True)
            back.start()
            _carry(self.connection, onward)
            back.join(5)


class _Connect(_Handler):
    def agree(self) -> bool:
        proxy = self.server.proxy
        request, *headers = iter(lambda: self.rfile.readline().strip(), b"")
        proxy.asked.append(request.split()[1].decode())
        for header in headers:
            name, _, value = header.decode().partition(": ")
            if name.lower() == "proxy-authorization":
                proxy.credentials.append(value)
        refused = proxy.fault == "refuse"
        self.wfile.write(b"HTTP/1.1 %d X\r\n\r\n" % (proxy.status if refused else 200))
        return not refused


class _Socks(_Handler):
    """SOCKS5 (RFC 1928), with user name and password (RFC 1929) if a client offers them."""

    def agree(self) -> bool:
        proxy = self.server.proxy
        _, count = self.rfile.read(2)
        method = max(self.rfile.read(count))
        self.wfile.write(bytes([5, method]))
        if method == 2:
            self.rfile.read(1)
            user, password = self._text(), self._text()
            proxy.credentials.append(f"{user}:{password}")
            self.wfile.write(b"\x01\x00")
        kind = self.rfile.read(4)[3]
        host = self._text() if kind == 3 else socket.inet_ntoa(self.rfile.read(4))
        proxy.asked.append(f"{host}:{int.from_bytes(self.rfile.read(2), 'big')}")
        refused = proxy.fault == "refuse"
        self.wfile.write(bytes([5, 2 if refused else 0, 0, 1, 0, 0, 0, 0, 0, 0]))
        return not refused

    def _text(self) -> str:
        return self.rfile.read(self.rfile.read(1)[0]).decode()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
