"""The proxy that leads to a server, if the environment names one: a pure function.

httpx reads the same variables, but takes a network in ``NO_PROXY`` for a host: it never matches, or
ends the making of the client with an exception.  Here what cannot be read is skipped and named.  No
standard says what the variables mean; the rules are those of docs/network.md, Proxies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from pith_tui.errors import UnreachableError
from pith_tui.patterns import pattern
from pith_tui.user.servers import is_loopback

_PORTS = {"http": 80, "https": 443}
_SCHEMES = {
    "http": "http",
    "https": "https",
    "socks": "socks5",  # as desktop settings write it
    "socks5": "socks5",
    "socks5h": "socks5h",
}
_HOST_AND_PORT = pattern(
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[0-9]*))?\Z", re.ASCII
)
_NAME_AND_PORT = pattern(
    r"(?:\*?\.)?(?P<name>[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?(?::(?P<port>[0-9]{1,5}))?\Z", re.ASCII
)
_ADDRESS_AND_PORT = pattern(
    r"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<four>[0-9.]+)):(?P<port>[0-9]{1,5})\Z", re.ASCII
)
_BRACKETS = pattern(r"\A\[([^]]*)\](?=/|\Z)")
_LAST_PORT = 65535
_LONGEST_SHOWN = 120


class Proxy(NamedTuple):
    """A proxy and the variable that names it; ``auth`` is user and password, never to be shown."""

    url: str
    auth: tuple[str, str] | None
    variable: str

    @property
    def name(self) -> str:
        """The proxy as messages name it."""
        return f"{self.url} ({self.variable})"


class ProxyChoice(NamedTuple):
    """The proxy for a URL, None where it is asked directly.

    ``ignored`` are the entries of ``NO_PROXY`` that have no meaning, each with its variable.
    """

    proxy: Proxy | None
    ignored: tuple[tuple[str, str], ...] = ()


class _Exempt(NamedTuple):
    """An entry of ``NO_PROXY``: a name with all below it, "" for every host, or a network."""

    name: str = ""
    network: IPv4Network | IPv6Network | None = None
    port: int | None = None

    def covers(self, host: str, port: int | None) -> bool:
        """Return whether a host and port are to be asked directly."""
        if self.port not in (None, port):
            return False
        address = _address(host)
        if self.network is not None:
            return address is not None and address in self.network
        if not self.name:
            return True
        return address is None and (host == self.name or host.endswith(f".{self.name}"))


def choose_proxy(url: str, environment: Mapping[str, str]) -> ProxyChoice:
    """Return the proxy that the environment names for a URL; none ever leads to this machine.

    Raises UnreachableError for a proxy that cannot be used: bypassing it would show the network
    what was to be hidden.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if is_loopback(host):
        return ProxyChoice(None)
    named = _first(environment, f"{parts.scheme}_proxy") or _first(environment, "all_proxy")
    if named is None:
        return ProxyChoice(None)
    entries, ignored = _exemptions(environment)
    port = parts.port or _PORTS.get(parts.scheme)
    if any(entry.covers(host, port) for entry in entries):
        return ProxyChoice(None, ignored)
    return ProxyChoice(_proxy(*named), ignored)


def _first(environment: Mapping[str, str], name: str) -> tuple[str, str] | None:
    """Return a variable, the lower-case one first, and its value; an empty one is the same as none.

    An empty lower-case variable hides the other: that is how a variable is cancelled.
    """
    for variable in (name, name.upper()):
        if variable in environment:
            value = environment[variable].strip()
            return (variable, value) if value else None
    return None


def _proxy(variable: str, value: str) -> Proxy:
    """Read the URL of a proxy; without a scheme it is http, as curl has it."""
    scheme, separator, rest = value.partition("://")
    if not separator:
        scheme, rest = "http", value
    # A password may hold any character, if not as a URL should: the last @ ends it.
    credentials, _, rest = rest.rpartition("@")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    shown = f"{scheme}://{authority}"[:_LONGEST_SHOWN]
    known = _SCHEMES.get(scheme.lower())
    if known is None:
        raise _unusable(variable, shown, "its scheme must be http, https or socks5")
    match = _HOST_AND_PORT.match(authority)
    if match is None or (match["host"].startswith("[") and _address(match["host"][1:-1]) is None):
        raise _unusable(variable, shown, "its host cannot be read")
    port = match["port"]
    if port and not 0 < int(port) <= _LAST_PORT:
        raise _unusable(variable, shown, f"its port must be from 1 to {_LAST_PORT}")
    user, _, password = credentials.partition(":")
    auth = (unquote(user), unquote(password)) if credentials else None
    return Proxy(f"{known}://{match['host']}{f':{port}' if port else ''}", auth, variable)


def _unusable(variable: str, shown: str, why: str) -> UnreachableError:
    return UnreachableError(
        f"{variable} names a proxy that cannot be used, {shown}: {why}",
        f"correct or unset {variable}",
    )


def _exemptions(
    environment: Mapping[str, str],
) -> tuple[list[_Exempt], tuple[tuple[str, str], ...]]:
    """Read ``NO_PROXY``: its entries, and those that have no meaning."""
    named = _first(environment, "no_proxy")
    if named is None:
        return [], ()
    variable, value = named
    read = [(text, _entry(text.lower())) for text in _texts(value)]
    ignored = tuple((variable, text) for text, entry in read if entry is None)
    return [entry for _, entry in read if entry is not None], ignored


def _texts(value: str) -> Iterator[str]:
    """Return the entries of a list separated by commas or blanks."""
    return filter(None, re.split(r"[,\s]+", value))


def _entry(text: str) -> _Exempt | None:
    """Read one entry, in lower case; None where it means nothing."""
    if text == "*":
        return _Exempt()
    port = None
    match = _ADDRESS_AND_PORT.match(text)
    if match is not None:
        text, port = match["six"] or match["four"], int(match["port"])
    try:
        return _Exempt(network=ip_network(_BRACKETS.sub(r"\1", text), strict=False), port=port)
    except ValueError:
        pass  # a name, then
    match = _NAME_AND_PORT.match(text)
    # A name whose last part is a number would be an address, and this is none: 192.168 or 1.2.3.
    if match is None or match["name"].rpartition(".")[2].isdigit():
        return None
    return _Exempt(match["name"], port=int(match["port"]) if match["port"] else None)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """Return the address that a host literally is; names are not looked up for this."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
