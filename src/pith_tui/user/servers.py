"""Which servers may be asked, and under which URLs."""

from __future__ import annotations

import re

from pith_tui.errors import UsageError

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?P<port>:[0-9]{1,5})?"
    r"(?P<path>/[A-Za-z0-9._~/-]*)?\Z"
)
_LOOPBACK = re.compile(r"(localhost|127(\.[0-9]{1,3}){3}|\[::1\]|::1)\Z", re.IGNORECASE)

_LAST_PORT = 65535


def check_server(url: str) -> str:
    """Return a server's base URL without its final slash.

    Raises UsageError for anything but https, or http for this machine itself; for credentials,
    queries and fragments; and for what is no URL at all.
    """
    match = _URL.match(url.strip())
    if match is None or not (_is_host(match["host"]) and _is_port(match["port"])):
        raise UsageError(
            f"this is not the URL of a server: {url[:120]!r}",
            "give https://HOST[:PORT][/PATH], or http:// for a server on this machine",
        )
    if match["scheme"] == "http" and not is_loopback(match["host"]):
        raise UsageError(
            f"http is only for servers on this machine: {url[:120]}", "use https:// for others"
        )
    return match.group().rstrip("/")


def _is_host(host: str) -> bool:
    if not host.startswith("["):
        return True
    from ipaddress import IPv6Address  # rarely needed

    try:
        IPv6Address(host[1:-1])
    except ValueError:
        return False
    return True


def _is_port(port: str | None) -> bool:
    return port is None or 0 < int(port[1:]) <= _LAST_PORT


def is_loopback(host: str) -> bool:
    """Return whether a host, with or without brackets, is literally this machine."""
    return bool(_LOOPBACK.match(host))
