"""Connections through proxies and with each kind of certificate store, working and failing."""

from __future__ import annotations

import base64
import json
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import certifi
import httpx
import pytest

from pith_tui import trace
from pith_tui.errors import UnreachableError
from pith_tui.lookup.client import RegistryClient, ServerResponse
from pith_tui.lookup.network import CaFile, Network
from pith_tui.lookup.tls import system_context
from pith_tui.protocol.identifiers import parse_identifier
from tests.proxies import Proxy
from tests.registry.records import Paper, SigningKey, build, wire
from tests.registry.server import Registry

KEY = SigningKey()
RECORD = wire(build(Paper(), KEY))
NUMBER = parse_identifier(json.loads(RECORD)["pith_number"].rpartition(":")[2])
SERVER = "https://registry.test"
NOBODY = "127.0.0.1:9"
SECRET = "open sesame"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry(KEY, tls_dir=tmp_path) as running:
        running.add(RECORD)
        yield running


async def no_sleep(seconds: float) -> None:
    del seconds


async def ask(
    environment: dict[str, str],
    registry: Registry | None = None,
    *,
    servers: tuple[str, ...] = (SERVER,),
    deadline: float = 60.0,
    notices: list[str] | None = None,
) -> bytes:
    ca_file = None if registry is None else CaFile(str(registry.ca_pem), "--ca-file")
    network = Network(environment, ca_file=ca_file)
    client = RegistryClient(servers, deadline=deadline, network=network, sleep=no_sleep)
    received: list[str] = [] if notices is None else notices
    try:
        (response,) = await client.fetch(NUMBER, notice=received.append)
    finally:
        await client.aclose()
    assert isinstance(response, ServerResponse)
    return response.raw


async def failure(
    environment: dict[str, str], registry: Registry | None = None, **how: object
) -> str:
    with pytest.raises(UnreachableError) as caught:
        await ask(environment, registry, **how)  # type: ignore[arg-type]
    text = f"{caught.value}; {caught.value.hint}"
    assert SECRET not in text
    assert "Error" not in text
    return text


@pytest.mark.parametrize(
    ("kind", "variable", "scheme"),
    [
        ("http", "HTTPS_PROXY", "http"),
        ("http", "https_proxy", ""),
        ("socks5", "ALL_PROXY", "socks5"),
        ("socks5", "all_proxy", "socks5h"),
        ("socks5", "ALL_PROXY", "socks"),
    ],
)
async def test_request_goes_through_the_proxy(
    registry: Registry, kind: str, variable: str, scheme: str
) -> None:
    with Proxy(kind, registry.url) as proxy:
        value = f"{scheme}://{proxy.host}" if scheme else proxy.host
        assert await ask({variable: value}, registry) == RECORD
        assert proxy.asked == ["registry.test:443"]
        assert proxy.credentials == []


@pytest.mark.parametrize("kind", ["http", "socks5"])
async def test_proxy_gets_user_and_password(registry: Registry, kind: str) -> None:
    with Proxy(kind, registry.url) as proxy:
        value = f"{kind}://us%20er:open%20sesame@{proxy.host}"
        assert await ask({"HTTPS_PROXY": value}, registry) == RECORD
    credentials = "us er:open sesame"
    basic = f"Basic {base64.b64encode(credentials.encode()).decode()}"
    assert proxy.credentials == [basic if kind == "http" else credentials]


async def test_exempt_host_is_asked_directly(registry: Registry) -> None:
    with Proxy("http", registry.url) as proxy:
        environment = {"HTTPS_PROXY": proxy.url, "NO_PROXY": "junk/8,.invalid"}
        notices: list[str] = []
        network = Network(environment, ca_file=CaFile(str(registry.ca_pem), "--ca-file"))
        assert network.proxy_for("https://registry.invalid", notices.append) is None
        for _ in range(2):
            assert network.proxy_for(SERVER, notices.append) is not None
        assert notices == ["NO_PROXY: ignoring junk/8, which is not a host, address or network"]
        assert await ask(environment, registry, servers=(registry.url,)) == RECORD
        assert proxy.asked == []


@pytest.mark.parametrize(
    ("kind", "fault", "status", "message"),
    [
        ("http", "refuse", 407, "asks for a user name and a password (407)"),
        ("http", "refuse", 403, "answered 403"),
        ("http", "refuse", 502, "answered 502"),
        ("http", "close", 0, "broke off the connection"),
        ("http", "garbage", 0, "broke off the connection"),
        ("http", "silent", 0, "sent no response within 0.3 seconds"),
        ("socks5", "refuse", 0, "did not make the connection"),
        ("socks5", "close", 0, "broke off the connection"),
        ("socks5", "garbage", 0, "broke off the connection"),
        ("socks5", "silent", 0, "sent no response within 0.3 seconds"),
    ],
)
async def test_failing_proxy_is_named(
    registry: Registry, kind: str, fault: str, status: int, message: str
) -> None:
    with Proxy(kind, registry.url, fault=fault, status=status) as proxy:
        value = f"{kind}://user:open%20sesame@{proxy.host}"
        deadline = 0.3 if fault == "silent" else 60.0
        text = await failure({"ALL_PROXY": value}, registry, deadline=deadline)
    assert f"{SERVER} is asked through the proxy {proxy.url} (ALL_PROXY), which {message}" in text
    if status == 407:
        assert text.endswith("set ALL_PROXY to SCHEME://USER:PASSWORD@HOST:PORT")
    assert registry.requests == []


@pytest.mark.parametrize("scheme", ["http", "https", "socks5", "socks", ""])
async def test_unreachable_proxy_is_named(scheme: str) -> None:
    address = f"{scheme}://{NOBODY}" if scheme else NOBODY
    text = await failure({"ALL_PROXY": address})
    assert f"{NOBODY} (ALL_PROXY), which cannot be reached: it refused the connection" in text


async def test_server_fault_behind_a_proxy_is_attributed_to_the_server(registry: Registry) -> None:
    with Proxy("http", registry.url) as proxy:
        environment = {"HTTPS_PROXY": proxy.url}
        text = await failure(environment)  # which does not know the registry's authority
        assert (
            f"{SERVER} has a certificate that is not trusted: it is signed by an authority" in text
        )
        assert "--ca-file" in text
        text = await failure(environment, registry, servers=("https://other.test",))
        assert (
            "https://other.test has a certificate that is not trusted: it belongs to another"
            in text
        )


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("ftp://user:open sesame@x", "ftp://x: its scheme must be http, https or socks5"),
        ("http://user:open sesame@127.0.0.1:99999", "its port must be from 1 to 65535"),
    ],
)
async def test_unusable_proxy_makes_the_server_unreachable(
    registry: Registry, value: str, message: str
) -> None:
    text = await failure({"HTTPS_PROXY": value})
    assert f"{SERVER} cannot be reached: HTTPS_PROXY names a proxy that cannot be used" in text
    assert message in text
    assert text.endswith("correct or unset HTTPS_PROXY")
    # The next server may be one that needs none.
    notices: list[str] = []
    servers = (SERVER, registry.url)
    assert await ask({"HTTPS_PROXY": value}, registry, servers=servers, notices=notices) == RECORD
    assert len(notices) == 1


@pytest.mark.parametrize("no_proxy", ["fe11::/16", "localhost,127.0.0.0/8,::1/128", "[[", "a b"])
async def test_unusable_no_proxy_does_not_end_the_look_up(
    registry: Registry, no_proxy: str
) -> None:
    for environment in ({"NO_PROXY": no_proxy}, {"NO_PROXY": no_proxy, "ALL_PROXY": f"{NOBODY}"}):
        assert await ask(environment, registry, servers=(registry.url,)) == RECORD


async def test_unencodable_host_name_cannot_be_looked_up() -> None:
    text = await failure({}, servers=(f"https://{'a' * 70}.test",))
    assert "cannot be reached: its name cannot be looked up" in text


class OddError(Exception):
    """An exception of a type that no library documents."""


@pytest.mark.parametrize("method", ["__init__", "stream", "build_request", "aclose"])
@pytest.mark.parametrize("surprise", [OddError, AssertionError, RuntimeError, OSError, KeyError])
async def test_unexpected_client_error_is_reported_or_ignored_on_close(
    monkeypatch: pytest.MonkeyPatch, method: str, surprise: type[Exception]
) -> None:
    close = httpx.AsyncClient.aclose

    def fail(*_arguments: object, **_options: object) -> None:
        raise surprise("library message")

    async def close_and_fail(client: httpx.AsyncClient) -> None:
        await close(client)
        fail()

    with Registry(KEY) as plain:
        plain.add(RECORD)
        used = close_and_fail if method == "aclose" else fail
        monkeypatch.setattr(httpx.AsyncClient, method, used)
        if method == "aclose":
            assert await ask({}, servers=(plain.url,)) == RECORD
        else:
            text = await failure({}, servers=(plain.url,))
            assert f"{plain.url} " in text
            assert "library message" not in text
            assert "OddError" not in text


# Certificates


def environment_of(monkeypatch: pytest.MonkeyPatch, name: str, value: Path | str) -> dict[str, str]:
    monkeypatch.setenv(name, str(value))
    return {name: str(value)}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_environment_certificates_apply_to_the_local_host(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    servers = (registry.url.replace("127.0.0.1", host),)
    assert "certificate" in await failure({}, servers=servers)
    environment = environment_of(monkeypatch, "SSL_CERT_FILE", str(registry.ca_pem))
    assert await ask(environment, servers=servers) == RECORD


def rehash(directory: Path) -> None:
    subprocess.run(["openssl", "rehash", directory], check=True)


async def test_certificate_directory_is_used(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    directory = tmp_path / "certificates"
    directory.mkdir()
    assert registry.ca_pem is not None
    (directory / "ca.pem").write_bytes(registry.ca_pem.read_bytes())
    environment = environment_of(monkeypatch, "SSL_CERT_DIR", directory)
    text = await failure(environment, servers=(registry.url,))
    assert "SSL_CERT_DIR cannot be used" in text
    assert "named by its hash" in text
    rehash(directory)
    assert await ask(environment, servers=(registry.url,)) == RECORD
    environment = environment_of(monkeypatch, "SSL_CERT_DIR", f"/nowhere:{directory}")
    assert await ask(environment, servers=(registry.url,)) == RECORD


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
@pytest.mark.parametrize("kind", ["missing", "empty", "junk", "other"])
async def test_variable_without_certificates_is_named(
    registry: Registry,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    name: str,
    kind: str,
) -> None:
    path = tmp_path / "certificates"
    is_file = (name == "SSL_CERT_FILE") == (kind != "other")
    if kind != "missing" and is_file:
        path.write_text("junk" if kind == "junk" else "")
    elif kind != "missing":
        path.mkdir()
        if kind == "junk":
            (path / "junk").touch()
    text = await failure(environment_of(monkeypatch, name, path))
    assert f"{SERVER} cannot be reached: {name} cannot be used: {path} " in text
    assert text.endswith(f"correct or unset {name}")
    # Without TLS, no certificate is looked at.
    with Registry(KEY) as plain:
        plain.add(RECORD)
        assert await ask({name: str(path)}, servers=(plain.url,)) == RECORD


async def test_unusable_ca_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    network = Network({}, ca_file=CaFile(str(path), "ca_file of the settings"))
    for text, message in ((None, "does not exist"), ("", "is empty"), ("junk", "no certificate")):
        if text is not None:
            path.write_text(text)
        with pytest.raises(UnreachableError, match=message) as caught:
            network.tls()
        assert str(caught.value).startswith(f"ca_file of the settings cannot be used: {path} ")


def test_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "")
    monkeypatch.setenv("SSL_CERT_DIR", "")
    assert system_context({"SSL_CERT_FILE": "", "SSL_CERT_DIR": ""}).check_hostname


def test_certifi_is_used_when_the_system_has_no_certificates(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    traced: list[str] = []
    monkeypatch.setattr(
        "pith_tui.lookup.tls.ssl.create_default_context",
        lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    )
    paths = ssl.get_default_verify_paths()._replace(openssl_capath=str(tmp_path))
    monkeypatch.setattr("pith_tui.lookup.tls.ssl.get_default_verify_paths", lambda: paths)
    trace.set_listener(traced.append)
    try:
        context = system_context({})
    finally:
        trace.set_listener(None)
    assert context.cert_store_stats()["x509_ca"] > 100
    assert traced == [
        f"the system has no certificates; those of certifi are used: {certifi.where()}"
    ]


def test_certificates_are_read_once(registry: Registry) -> None:
    network = Network({}, ca_file=CaFile(str(registry.ca_pem), "--ca-file"))
    assert network.tls() is network.tls()


def test_importing_network_loads_neither_httpx_nor_ssl() -> None:
    code = "import sys, pith_tui.lookup.network; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"httpx", "ssl", "certifi"}
