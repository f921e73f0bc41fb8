"""Network failures: messages and exit codes of the commands, and that the browser keeps running."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.user.settings import FILE_NAME
from tests.proxies import Proxy
from tests.registry.records import Paper, SigningKey, build
from tests.registry.server import Registry
from tests.support import real_record
from tests.terminal import Terminal

Captured = pytest.CaptureFixture[str]

SERVER = "https://registry.test"
REAL = "2503.11832"
OTHER = "2401.00001"
NOBODY = "127.0.0.1:9"

BROKEN = [
    ({"ALL_PROXY": f"socks5://{NOBODY}"}, "(ALL_PROXY), which cannot be reached: it refused"),
    ({"ALL_PROXY": f"socks://{NOBODY}/"}, "socks5://127.0.0.1:9 (ALL_PROXY), which cannot"),
    ({"https_proxy": f"http://u:secret@{NOBODY}"}, "http://127.0.0.1:9 (https_proxy), which"),
    ({"HTTPS_PROXY": f"https://{NOBODY}"}, "https://127.0.0.1:9 (HTTPS_PROXY), which"),
    ({"HTTPS_PROXY": "ftp://x"}, "HTTPS_PROXY names a proxy that cannot be used, ftp://x"),
    ({"HTTPS_PROXY": "http://u:secret@x:99999"}, "cannot be used, http://x:99999: its port"),
    ({"HTTPS_PROXY": "http://"}, "HTTPS_PROXY names a proxy that cannot be used"),
    ({"SSL_CERT_FILE": "/nowhere/ca.pem"}, "SSL_CERT_FILE cannot be used: /nowhere/ca.pem does"),
    ({"SSL_CERT_DIR": "/nowhere"}, "SSL_CERT_DIR cannot be used: /nowhere is not a directory"),
]
"""Environments in which no server is reached, and what is said of each."""


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry(SigningKey(), tls_dir=tmp_path) as running:
        running.add(real_record())
        running.add(build(Paper(), running.key))
        yield running


def export(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(("environment", "message"), BROKEN)
def test_stored_record_is_shown_with_one_line_on_the_network_error(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], message: str
) -> None:
    export(monkeypatch, environment)
    for command in ("show", "verify", "cite"):
        assert main([command, REAL, "--server", SERVER]) == exit_codes.OK
        out, err = capsys.readouterr()
        assert out
        (line,) = err.splitlines()
        assert message in line
        assert "secret" not in line
        assert "Error" not in line
    assert main(["verify", REAL, "--server", SERVER, "--refresh"]) == exit_codes.UNREACHABLE
    assert "VERIFIED" in capsys.readouterr().out
    assert main(["compare", REAL, OTHER, "--server", SERVER]) == exit_codes.UNREACHABLE
    assert main(["verify", REAL, "--offline", "--server", SERVER]) == exit_codes.OK


@pytest.mark.parametrize(("environment", "message"), BROKEN)
@pytest.mark.parametrize("command", ["show", "verify", "cite", "fetch", ""])
def test_missing_record_with_network_error_is_unreachable(
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    message: str,
    command: str,
) -> None:
    export(monkeypatch, environment)
    assert main([*command.split(), OTHER, "--server", SERVER]) == exit_codes.UNREACHABLE
    err = capsys.readouterr().err
    assert message in err
    assert "secret" not in err


@pytest.mark.parametrize(
    "no_proxy", ["fe11::/16", "localhost,127.0.0.0/8,::1/128", "*.example.com", "192.168.*", "]["]
)
@pytest.mark.parametrize("proxy", ["", f"http://{NOBODY}", "ftp://x"])
def test_local_server_is_asked_with_any_no_proxy_value(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, no_proxy: str, proxy: str
) -> None:
    export(monkeypatch, {"NO_PROXY": no_proxy, "ALL_PROXY": proxy, "HTTPS_PROXY": proxy})
    with Registry(SigningKey()) as plain:
        plain.add(real_record())
        assert main(["verify", REAL, "--server", plain.url]) == exit_codes.OK
        assert plain.requests
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("kind", "variable"), [("http", "HTTPS_PROXY"), ("socks5", "ALL_PROXY")])
def test_command_uses_the_configured_proxy(
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    registry: Registry,
    kind: str,
    variable: str,
) -> None:
    arguments = ["verify", REAL, "--server", SERVER, "--ca-file", str(registry.ca_pem)]
    with Proxy(kind, registry.url) as proxy:
        export(monkeypatch, {variable: proxy.url, "NO_PROXY": "192.168.*,example.com"})
        assert main(arguments) == exit_codes.OK
        assert proxy.asked
    out, err = capsys.readouterr()
    assert SERVER in out
    assert (
        err == "pith-tui: NO_PROXY: ignoring 192.168.*, which is not a host, address or network\n"
    )


@pytest.mark.parametrize(("kind", "fault"), [("http", ""), ("socks5", ""), ("http", "refuse")])
def test_proxy_password_is_not_logged(
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    registry: Registry,
    tmp_path: Path,
    kind: str,
    fault: str,
) -> None:
    log = tmp_path / "log"
    monkeypatch.setenv("PITH_TUI_LOG", str(log))
    arguments = ["verify", REAL, "--server", SERVER, "--ca-file", str(registry.ca_pem), "--debug"]
    with Proxy(kind, registry.url, fault=fault) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"{kind}://user:pass%20word@{proxy.host}")
        assert main(arguments) == exit_codes.OK
        assert proxy.credentials
    out, err = capsys.readouterr()
    for text in (out, err, log.read_text()):
        for secret in ("pass word", "pass%20word", base64.b64encode(b"user:pass word").decode()):
            assert secret not in text
    assert f"{SERVER}/" in log.read_text()


def test_ca_file_setting_works_like_the_option(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, registry: Registry, tmp_path: Path
) -> None:
    monkeypatch.setenv("PITH_TUI_CONFIG", str(tmp_path))
    settings = tmp_path / FILE_NAME
    arguments = ["verify", REAL, "--server", registry.url, "--refresh"]
    settings.write_text('ca_file = "ca.pem"\n')
    assert main(arguments) == exit_codes.OK
    settings.write_text('ca_file = "other.pem"\n')
    assert main(arguments) == exit_codes.UNREACHABLE
    line = f"ca_file of the settings cannot be used: {tmp_path}/other.pem does not exist"
    assert line in capsys.readouterr().err
    assert main([*arguments, "--ca-file", str(registry.ca_pem)]) == exit_codes.OK


@pytest.mark.parametrize(
    ("text", "message"),
    [(None, "does not exist"), ("", "is empty"), ("x", "contains no certificate")],
)
def test_ca_file_option_without_certificates_is_a_usage_error(
    capsys: Captured, tmp_path: Path, text: str | None, message: str
) -> None:
    path = tmp_path / "ca.pem"
    if text is not None:
        path.write_text(text)
    for command in ("verify", "fetch", "show"):
        assert main([command, REAL, "--ca-file", str(path)]) == exit_codes.USAGE
        out, err = capsys.readouterr()
        assert out == ""
        assert f"--ca-file cannot be used: {path} {message}" in err
    assert main(["verify", REAL, "--ca-file", str(path), "--offline"]) == exit_codes.OK


@pytest.mark.parametrize(
    ("environment", "message"), BROKEN[::4]
)  # each kind: the messages are above
def test_browser_keeps_running_and_reports_network_error_in_one_line(
    tmp_path: Path, environment: dict[str, str], message: str
) -> None:
    own = {**environment, "PITH_TUI_CACHE": str(tmp_path / "cache")}
    with Terminal([REAL, "--server", SERVER], (240, 40), own) as terminal:
        terminal.wait_for(message)
        terminal.wait_for("; using the local copy")
        terminal.wait_for("VERIFIED")
        assert "secret" not in terminal.text
        terminal.press(f"/{OTHER}\r")
        terminal.wait_for("No record to show")
        terminal.press("q")
        assert terminal.wait_for_end() == exit_codes.OK
