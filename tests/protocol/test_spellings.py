"""The closed list of spellings: each one is accepted, near misses are not."""

# ruff: noqa: RUF005 (near misses in rows, by what they come near to)

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.protocol import spellings
from pith_tui.protocol.keys import PINNED, decode_base64
from pith_tui.protocol.strict_json import WrittenNumber

HEX = "7155109715d9c6c9756b1623eae6689dab4bd68961e6aab717bafafbd12bd395"
SUFFIX = "OFKRBFYV3HDMS5LLCYR6VZTITW"
FINGERPRINT = "8d4b5ee74e4693bcd1df2446408b0d54"
NEVER: tuple[object, ...] = (
    None,
    True,
    False,
    [],
    {},
    ["5"],
    "",
    " ",
    "\u200b",
    0,
    -1,
    5.5,
    10**30,
)
"""What no id, version, digest, number or moment is spelled as."""


def _read(name: str) -> Callable[[object], object]:
    function: Callable[[object], object] = getattr(spellings, name)
    return function


ACCEPTED: list[tuple[str, object, list[object]]] = [
    (
        "hex_digest",
        bytes.fromhex(HEX),
        [HEX, HEX.upper(), f"sha256:{HEX}", f"sha256:{HEX.upper()}", HEX[:32] + HEX[32:].upper()],
    ),
    ("pith_number", (SUFFIX, None), [SUFFIX, SUFFIX.lower(), f"pith:{SUFFIX}", f"PITH:{SUFFIX}"]),
    ("pith_number", (SUFFIX, "2025"), [f"pith:2025:{SUFFIX}", f"Pith:2025:{SUFFIX.lower()}"]),
    ("short_number", (SUFFIX[:8], None), [SUFFIX[:8], f"pith:{SUFFIX[:8]}", SUFFIX[:8].lower()]),
    ("short_number", (SUFFIX[:8], "2025"), [f"pith:2025:{SUFFIX[:8]}"]),
    ("short_number", (SUFFIX[:25], None), [SUFFIX[:25]]),
    ("arxiv_id", ("2503.11832", None), ["2503.11832", "arXiv:2503.11832", "ARXIV:2503.11832"]),
    ("arxiv_id", ("2503.11832", 5), ["2503.11832v5", "arxiv:2503.11832v5"]),
    ("arxiv_id", ("math/9712289", None), ["math/9712289", "math.LO/9712289"]),
    ("arxiv_id", ("hep-lat/0305021", 2), ["hep-lat/0305021v2"]),
    ("arxiv_id", ("cond-mat/9901001", None), ["cond-mat.mtrl-sci/9901001"]),
    (
        "doi",
        "10.48550/arxiv.2503.11832",
        ["10.48550/arxiv.2503.11832", "10.48550/ARXIV.2503.11832"],
    ),
    ("doi", "10.1000/a.b", ["doi:10.1000/a.b", "DOI:10.1000/A.B", "https://doi.org/10.1000/a.B"]),
    ("version", 10**9, [10**9, "1000000000", "v1000000000"]),
    ("version", 5, [5, 5.0, "5", "v5", WrittenNumber("5.00"), WrittenNumber("0.5e1")]),
    ("kind", "arxiv", ["arxiv", "arXiv", "ARXIV"]),
    (
        "instant",
        spellings.instant("2025-03-14T19:52:08Z"),
        [
            "2025-03-14T19:52:08Z",
            "2025-03-14T19:52:08.000Z",
            "2025-03-14T19:52:08+00:00",
            "2025-03-14T20:52:08+01:00",
            "2025-03-14T14:22:08.0-05:30",
            "2025-03-15T00:00:08+04:08",
        ],
    ),
    (
        "licence",
        "https://creativecommons.org/licenses/by/4.0",
        [
            "http://creativecommons.org/licenses/by/4.0/",
            "https://creativecommons.org/licenses/by/4.0/",
            "https://creativecommons.org/licenses/by/4.0",
        ],
    ),
    (
        "categories",
        frozenset({"cs.AI", "cs.LG"}),
        [["cs.LG", "cs.AI"], ["cs.AI", "cs.LG", "cs.AI"]],
    ),
    ("categories", frozenset(), [[]]),
]
REFUSED: list[tuple[str, Sequence[object]]] = [
    (
        "hex_digest",
        [*NEVER, HEX[:-1], HEX + "0", f"SHA256:{HEX}", f"sha512:{HEX}", f" {HEX}", f"{HEX}\n"]
        + [HEX.replace("5", "\uff15"), HEX.replace("c", "\u0441"), f"0x{HEX}", HEX[:63] + "g"],
    ),
    (
        "pith_number",
        [
            *NEVER,
            SUFFIX[:25],
            f"{SUFFIX}A",
            f"pith:25:{SUFFIX}",
            f"pith::{SUFFIX}",
            f"2025:{SUFFIX}",
        ]
        + [f"{SUFFIX}\n", f"pith: {SUFFIX}", SUFFIX.replace("O", "0"), f"pith:2025:{SUFFIX}="]
        + [SUFFIX.replace("S", "\u017f"), SUFFIX.replace("K", "\u212a"), f"\uff50ith:{SUFFIX}"]
        + [f"pith:\u0662025:{SUFFIX}", f"pith:202\uff15:{SUFFIX}"],
    ),
    (
        "short_number",
        [*NEVER, SUFFIX[:7], f"{SUFFIX}A", "OFKRBF\u0178V", "OFKRBFY1", "O\u212aKRBFYV"],
    ),
    (
        "arxiv_id",
        [
            *NEVER,
            2503.11832,
            "2503.118323",
            "2503.118",
            "2503.11832v",
            "2503.11832v0",
            "2503.11832 ",
        ]
        + ["2503.11832v05", "2503.1183\uff12", "2503.11832\n", "arXiv: 2503.11832", "v5"]
        + ["math/971228", "math/97122890", "m\u0430th/9712289", "arXiv/2503.11832", "2503.11832V5"]
        + [
            "ar\u0445iv:2503.11832",
            "2503.11832v5v6",
            "2503,11832",
            "https://arxiv.org/abs/2503.11832",
        ],
    ),
    (
        "doi",
        [
            *NEVER,
            "10.48550",
            "11.48550/x",
            "10.48550/",
            "doi: 10.1/x",
            "https://dx.doi.org/10.1000/x",
        ]
        + [
            "http://doi.org/10.1000/x",
            "10.1000/a b",
            "10.1000/\u212a",
            "10.1000/x\n",
            "10.10\uff100/x",
        ],
    ),
    (
        "version",
        [
            *NEVER,
            "05",
            "v05",
            "V5",
            "5.0",
            "+5",
            " 5",
            "5 ",
            "5\n",
            "v",
            "0",
            "v0",
            "\uff15",
            "\u0665",
        ]
        + [
            float("inf"),
            WrittenNumber("1e999"),
            WrittenNumber("5.0000000001"),
            2**60,
            "5v",
            "\u00b2",
        ],
    ),
    ("kind", [None, True, 5, [], "", " \n", "\u3000"]),
    (
        "instant",
        [*NEVER, "2025-03-14T19:52:60Z", "2025-03-14T19:52:08-00:00", "2025-03-14T19:52:08"]
        + ["2025-W11-5T19:52:08Z", "2025-073T19:52:08Z", "2025-03-14t19:52:08Z", "2025-03-14"]
        + ["2025-03-14T19:52:08z", "2025-03-14 19:52:08Z", "2025-03-14T24:00:00Z", 1741981928]
        + [
            "2025-02-29T19:52:08Z",
            "2025-13-01T19:52:08Z",
            "2025-03-14T19:60:08Z",
            "20250314T195208Z",
        ]
        + [
            "2025-03-14T19:52:08.Z",
            "2025-03-14T19:52:08,5Z",
            "2025-03-14T19:52Z",
            "0000-01-01T00:00:00Z",
        ]
        + ["2025-03-14T19:52:08+0100", "2025-03-14T19:52:08+24:00", "2025-03-14T19:52:08+01:60"]
        + ["2025-03-14T19:52:08.000000 (priority date confirmed by the journal)Z"]
        + ["2025-03-14T19:52:08Z ", "2025-03-14T19:52:08Z\n", "2025-03-14T19:52:08.\uff11Z"]
        + ["\uff12025-03-14T19:52:08Z", "2025-03-14T19:52:08\u221201:00", "+2025-03-14T19:52:08Z"],
    ),
    ("licence", [None, 5, True, [], {}, "", " \t"]),
    ("category", [None, 5, True, [], {}, "", " \t", ["cs.AI"]]),
    ("categories", [None, "cs.AI", {}, 5, True, [""], ["cs.AI", 5], ["cs.AI", None], [["cs.AI"]]]),
    ("fingerprint", [*NEVER, FINGERPRINT[:31], FINGERPRINT + "0", "0x" + FINGERPRINT, HEX + "00"]),
]


@pytest.mark.parametrize(
    ("name", "value", "spelling"),
    [(name, value, spelling) for name, value, many in ACCEPTED for spelling in many],
    ids=lambda value: None if isinstance(value, frozenset) else ascii(value),
)
def test_spellings_of_one_value_are_read_alike(name: str, value: object, spelling: object) -> None:
    assert value is not None
    assert _read(name)(spelling) == value


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, many in REFUSED for value in many], ids=ascii
)
def test_near_miss_is_unreadable(name: str, value: object) -> None:
    assert _read(name)(value) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2025-03-14T19:52:08.1Z", "2025-03-14T19:52:08.10000000000000000001Z"),
        ("2025-03-14T19:52:08Z", "2025-03-14T19:52:08.0000000001Z"),
        ("2025-03-14T19:52:08Z", "2025-03-14T19:52:08+01:00"),
        ("2025-03-14T19:52:08Z", "2024-03-14T19:52:08Z"),
    ],
)
def test_fractions_and_zones_are_compared_in_full(one: str, other: str) -> None:
    assert None not in (spellings.instant(one), spellings.instant(other))
    assert spellings.instant(one) != spellings.instant(other)


def test_licences_are_case_sensitive_and_lose_only_one_slash() -> None:
    assert spellings.licence("HTTP://x.org/a") != spellings.licence("http://x.org/a")
    assert spellings.licence("http://x.org/A") != spellings.licence("http://x.org/a")
    assert spellings.licence("http://x.org/a//") != spellings.licence("http://x.org/a")
    assert spellings.licence("x.org/a") != spellings.licence("http://x.org/a")


def test_only_ascii_letters_are_folded() -> None:
    assert spellings.kind("\u212aIND\u0130") == "\u212aind\u0130"
    assert spellings.kind("Ä") != spellings.kind("ä")


@pytest.mark.parametrize(
    "printed",
    [
        FINGERPRINT,
        FINGERPRINT.upper(),
        f"sha256:{FINGERPRINT}",
        "8d4b5ee74e4693bcd1df2446408b0d54e24bd42ea0c8a1d9a3a3a49f9a4b1a9a"[:32],
        "RVFV5Z2OI2J3ZUO7ERDEBCYNKS",
        "rvfv5z2oi2j3zuo7erdebcynks",
        base64.b32encode(bytes.fromhex(FINGERPRINT)).decode().rstrip("="),
    ],
)
def test_fingerprint_is_hex_or_base32(printed: str) -> None:
    read = spellings.fingerprint(printed)
    assert read is not None
    assert PINNED.has_fingerprint(read)


def test_fingerprint_may_be_the_whole_hash() -> None:
    import hashlib

    whole = hashlib.sha256(PINNED.raw).hexdigest()
    for spelling in (whole, whole.upper(), f"sha256:{whole}"):
        read = spellings.fingerprint(spelling)
        assert read is not None
        assert PINNED.has_fingerprint(read)


def test_base32_with_spare_bits_is_unreadable() -> None:
    """128 bits are 25 characters and three bits of the 26th: its last two bits are spare."""
    exact = base64.b32encode(bytes.fromhex(FINGERPRINT)).decode()[:26]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    value = alphabet.index(exact[-1])
    assert value % 4 == 0
    taken = {
        alphabet[value + spare]
        for spare in range(4)
        if (read := spellings.fingerprint(exact[:-1] + alphabet[value + spare])) is not None
        and PINNED.has_fingerprint(read)
    }
    # The manifest prints 130 bits of the whole hash, cut from its base32: those are no spare bits.
    assert taken == {exact[-1], PINNED.fingerprint_base32[-1]}


def test_base64_with_spare_bits_blanks_or_another_alphabet_is_unreadable() -> None:
    text = base64.b64encode(bytes(range(200, 264 - 8)) + b"\xff" * 8).decode()
    assert decode_base64(text, 64) is not None
    spare = text[:-3] + chr(ord(text[-3]) + 1) + "=="
    for near in (spare, text + "\n", f" {text}", text.rstrip("="), text.replace("/", "_"), "AAAA"):
        assert decode_base64(near, 64) is None
    assert decode_base64("\uff21" + text[1:], 64) is None


@given(st.text(max_size=40) | st.integers() | st.floats() | st.lists(st.text(max_size=3)))
def test_no_value_makes_a_reader_raise(value: object) -> None:
    for name in ("hex_digest", "fingerprint", "pith_number", "short_number", "arxiv_id", "doi"):
        _read(name)(value)
    for name in ("arxiv_of_doi", "version", "instant", "licence", "category", "categories", "kind"):
        _read(name)(value)


def test_instant_at_either_end_of_the_calendar_is_read() -> None:
    assert spellings.instant("0001-01-01T00:00:00+14:00") is not None
    assert spellings.instant("9999-12-31T23:59:59-14:00") is not None
