"""The proxy for a URL in each environment: docs/network.md, Proxies."""

from __future__ import annotations

import pytest

from pith_tui.errors import UnreachableError
from pith_tui.lookup.proxies import Proxy, choose_proxy

PITH = "https://pith.science/pith/X.json"
PROXY = "http://proxy.test:3128"


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": PROXY}, (PROXY, "HTTPS_PROXY")),
        ({"https_proxy": PROXY}, (PROXY, "https_proxy")),
        ({"https_proxy": PROXY, "HTTPS_PROXY": "http://other"}, (PROXY, "https_proxy")),
        ({"https_proxy": "", "HTTPS_PROXY": PROXY}, None),
        ({"https_proxy": " ", "ALL_PROXY": PROXY}, (PROXY, "ALL_PROXY")),
        ({"ALL_PROXY": PROXY}, (PROXY, "ALL_PROXY")),
        ({"all_proxy": PROXY, "ALL_PROXY": "http://other"}, (PROXY, "all_proxy")),
        ({"ALL_PROXY": "http://other", "HTTPS_PROXY": PROXY}, (PROXY, "HTTPS_PROXY")),
        ({"HTTP_PROXY": PROXY}, None),
        ({"HTTPS_PROXY": "proxy.test:3128"}, (PROXY, "HTTPS_PROXY")),
        ({"HTTPS_PROXY": "proxy.test"}, ("http://proxy.test", "HTTPS_PROXY")),
        ({"HTTPS_PROXY": " HTTP://proxy.test:3128/ "}, (PROXY, "HTTPS_PROXY")),
        ({"HTTPS_PROXY": "https://proxy.test"}, ("https://proxy.test", "HTTPS_PROXY")),
        ({"HTTPS_PROXY": "http://proxy.test:"}, ("http://proxy.test", "HTTPS_PROXY")),
        (
            {"HTTPS_PROXY": "http://[2001::1]:8080"},
            ("http://[2001::1]:8080", "HTTPS_PROXY"),
        ),
        ({"HTTPS_PROXY": "http://my_proxy:8080"}, ("http://my_proxy:8080", "HTTPS_PROXY")),
        ({"ALL_PROXY": "socks5://127.0.0.1:1"}, ("socks5://127.0.0.1:1", "ALL_PROXY")),
        ({"ALL_PROXY": "socks5h://127.0.0.1:1"}, ("socks5h://127.0.0.1:1", "ALL_PROXY")),
        ({"ALL_PROXY": "socks://127.0.0.1:1/"}, ("socks5://127.0.0.1:1", "ALL_PROXY")),
    ],
)
def test_proxy_and_its_variable_are_chosen(
    environment: dict[str, str], proxy: tuple[str, str] | None
) -> None:
    chosen = choose_proxy(PITH, environment).proxy
    assert (None if chosen is None else (chosen.url, chosen.variable)) == proxy


@pytest.mark.parametrize(
    ("value", "auth"),
    [
        ("http://user:secret@proxy.test", ("user", "secret")),
        ("http://user@proxy.test", ("user", "")),
        ("http://@proxy.test", None),
        ("user:secret@proxy.test", ("user", "secret")),
        ("http://us%40er:p%3Ass@proxy.test", ("us@er", "p:ss")),
        ("http://user:p@ss/w#o?rd@proxy.test", ("user", "p@ss/w#o?rd")),
    ],
)
def test_user_and_password_are_separated_from_the_url(
    value: str, auth: tuple[str, str] | None
) -> None:
    assert choose_proxy(PITH, {"HTTPS_PROXY": value}).proxy == Proxy(
        "http://proxy.test", auth, "HTTPS_PROXY"
    )


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("ftp://user:secret@x", "ftp://x: its scheme must be http, https or socks5"),
        ("socks4://user:secret@x", "socks4://x: its scheme"),
        ("http://user:secret@proxy.test:99999", "http://proxy.test:99999: its port must be"),
        ("http://user:secret@proxy.test:0", "http://proxy.test:0: its port must be"),
        ("http://user:secret@proxy.test:x", "http://proxy.test:x: its host cannot be read"),
        ("http://user:secret@", "http://: its host cannot be read"),
        ("http://user:secret@::1:3128", "its host cannot be read"),
        ("http://user:secret@[::1", "its host cannot be read"),
        ("http://user:secret@[1.2.3]", "its host cannot be read"),
        ("user:secret@a b", "its host cannot be read"),
        ("http://user:se/cret@\x1b[2J", "its host cannot be read"),
    ],
)
def test_unusable_proxy_is_named_without_its_password(value: str, why: str) -> None:
    with pytest.raises(UnreachableError) as caught:
        choose_proxy(PITH, {"HTTPS_PROXY": value})
    assert str(caught.value).startswith("HTTPS_PROXY names a proxy that cannot be used, ")
    assert why in str(caught.value)
    assert "cret" not in str(caught.value) + caught.value.hint
    assert caught.value.hint == "correct or unset HTTPS_PROXY"


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8765", "127.0.0.1", "127.8.9.10:80", "[::1]:8765"]
)
@pytest.mark.parametrize("proxy", [PROXY, "ftp://x"])
def test_no_proxy_is_used_for_the_local_host(host: str, proxy: str) -> None:
    environment = {"HTTPS_PROXY": proxy, "NO_PROXY": "junk/junk"}
    assert choose_proxy(f"https://{host}/", environment) == (None, ())


@pytest.mark.parametrize(
    ("no_proxy", "host", "direct"),
    [
        ("*", "pith.science", True),
        ("*", "10.1.2.3", True),
        ("pith.science", "pith.science", True),
        ("PITH.Science.", "pith.science", True),
        ("pith.science", "pith.science.", True),
        ("pith.science", "mirror.pith.science", True),
        ("pith.science", "notpith.science", False),
        ("mirror.pith.science", "pith.science", False),
        (".pith.science", "mirror.pith.science", True),
        (".pith.science", "pith.science", True),
        ("*.pith.science", "a.b.pith.science", True),
        ("*.pith.science", "pith.science", True),
        ("*.pith.science", "notpith.science", False),
        ("science", "pith.science", True),
        ("pith.science:443", "pith.science", True),
        ("pith.science:8443", "pith.science", False),
        ("pith.science:8443", "pith.science:8443", True),
        (".pith.science:8443", "mirror.pith.science:8443", True),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3", "10.1.2.30", False),
        ("10.1.2.3:443", "10.1.2.3", True),
        ("10.1.2.3:8443", "10.1.2.3", False),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.1.2.3/8", "10.200.0.1", True),
        ("10.0.0.0/255.0.0.0", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.0.0.0/8", "pith.science", False),
        ("10.0.0.0/8", "[fd00::1]", False),
        ("10.0.0.0/8", "[::ffff:10.0.0.1]", True),
        ("fd00::/8", "[fd12:3456::1]", True),
        ("[fd00::]/8", "[fd12:3456::1]", True),
        ("fd00::1", "[fd00::1]", True),
        ("[fd00::1]", "[fd00:0:0::1]", True),
        ("[fd00::1]:443", "[fd00::1]", True),
        ("[fd00::1]:8443", "[fd00::1]", False),
        ("fe11::/16", "pith.science", False),
        ("localhost,127.0.0.0/8,::1/128", "pith.science", False),
        ("localhost , 10.0.0.0/8 pith.science", "pith.science", True),
        ("a,,b, ,", "pith.science", False),
        ("", "pith.science", False),
    ],
)
def test_no_proxy_exempts_hosts(no_proxy: str, host: str, direct: bool) -> None:
    for variable in ("NO_PROXY", "no_proxy"):
        choice = choose_proxy(f"https://{host}/x", {"ALL_PROXY": PROXY, variable: no_proxy})
        assert (choice.proxy is None, choice.ignored) == (direct, ())


def test_lower_case_no_proxy_takes_precedence() -> None:
    environment = {"ALL_PROXY": PROXY, "no_proxy": "other.test", "NO_PROXY": "pith.science"}
    assert choose_proxy(PITH, environment).proxy is not None


@pytest.mark.parametrize(
    "junk",
    [
        "192.168.*",
        "192.168.",
        "192.168",
        "256.1.1.1",
        "10.0.0.0/33",
        "10.0.0.0/8:443",
        "https://pith.science",
        "pith.*",
        "bücher.example",
        "[::1",
        "fe80::1/x",
        "pith.science:port",
        "\x1b[2J",
    ],
)
def test_invalid_no_proxy_entry_is_ignored_and_named(junk: str) -> None:
    environment = {"ALL_PROXY": PROXY, "NO_PROXY": f"{junk},pith.science"}
    assert choose_proxy(PITH, environment) == (None, (("NO_PROXY", junk),))
    assert choose_proxy("https://192.168.1.1/", environment).proxy is not None


def test_no_proxy_is_not_read_without_a_proxy() -> None:
    assert choose_proxy(PITH, {"NO_PROXY": "10.0.0.0/99"}) == (None, ())
