"""How servers are reached from this machine: the certificates and the proxies, found out once.

httpx is not imported here: code that only names the network need not load it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from pith_tui import trace
from pith_tui.lookup.proxies import Proxy, choose_proxy

if TYPE_CHECKING:
    import ssl

Notice = Callable[[str], None]


class CaFile(NamedTuple):
    """A file of certificates to trust instead of the system's, and the option that names it."""

    path: str
    option: str


class Network:
    """The network as the clients of one command have it in common."""

    def __init__(
        self, environment: Mapping[str, str] = os.environ, *, ca_file: CaFile | None = None
    ) -> None:
        self._environment = environment
        self._ca_file = ca_file
        self._tls: ssl.SSLContext | None = None
        self._reported: set[tuple[str, str]] = set()

    def tls(self) -> ssl.SSLContext:
        """Return the context of every connection.

        Raises UnreachableError where the certificates that are named cannot be used.
        """
        if self._tls is None:
            from pith_tui.lookup.tls import context_from_file, system_context

            if self._ca_file is None:
                self._tls = system_context(self._environment)
            else:
                self._tls = context_from_file(*self._ca_file)
        return self._tls

    def proxy_for(self, url: str, notice: Notice) -> Proxy | None:
        """Return the proxy for a URL; a meaningless entry of ``NO_PROXY`` is reported once.

        Raises UnreachableError as ``choose_proxy`` does.
        """
        choice = choose_proxy(url, self._environment)
        for variable, entry in choice.ignored:
            if (variable, entry) not in self._reported:
                self._reported.add((variable, entry))
                notice(f"{variable}: ignoring {entry}, which is not a host, address or network")
        trace.trace(f"{url} by {choice.proxy.name if choice.proxy else 'no proxy'}")
        return choice.proxy
