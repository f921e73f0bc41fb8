"""Conformance: vectors that nobody of this project wrote."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest

from pith_tui.errors import NotARecordError
from pith_tui.protocol.canonical import canonical_form, snapshot_hash
from pith_tui.protocol.keys import PINNED, KeyRefusedError, PublicKey, decode_base64
from pith_tui.protocol.strict_json import parse
from pith_tui.protocol.text_hash import text_hash
from tests.support import SHARED, VECTORS

pytestmark = pytest.mark.shared


def _names(folder: str, pattern: str) -> list[Path]:
    return sorted((VECTORS / folder).glob(pattern))


@pytest.mark.parametrize("path", _names("jcs/testdata/input", "*.json"), ids=lambda p: p.name)
def test_canonical_form(path: Path) -> None:
    expected = (path.parent.parent / "output" / path.name).read_bytes()
    assert canonical_form(parse(path.read_bytes())) == expected.strip()


@pytest.mark.parametrize(
    "path", _names("jsontestsuite/test_parsing", "[ny]_*.json"), ids=lambda p: p.name
)
def test_json_suite(path: Path) -> None:
    duplicates = ("y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json")
    if path.name.startswith("n_") or path.name in duplicates:
        with pytest.raises(NotARecordError):
            parse(path.read_bytes())
    else:
        parse(path.read_bytes())


REFUSED_OF_THE_OPEN_ONES = {
    # What is not UTF-8, another encoding of Unicode included.
    "i_string_UTF-16LE_with_BOM.json",
    "i_string_UTF-8_invalid_sequence.json",
    "i_string_UTF8_surrogate_U+D800.json",
    "i_string_invalid_utf-8.json",
    "i_string_iso_latin_1.json",
    "i_string_lone_utf8_continuation_byte.json",
    "i_string_not_in_unicode_range.json",
    "i_string_overlong_sequence_2_bytes.json",
    "i_string_overlong_sequence_6_bytes.json",
    "i_string_overlong_sequence_6_bytes_null.json",
    "i_string_truncated-utf-8.json",
    "i_string_utf16BE_no_BOM.json",
    "i_string_utf16LE_no_BOM.json",
    # What is nested more deeply than 256 levels.
    "i_structure_500_nested_arrays.json",
}
"""Numbers of any size, lone surrogates and a byte order mark are read; these are not."""


@pytest.mark.parametrize(
    "path", _names("jsontestsuite/test_parsing", "i_*.json"), ids=lambda p: p.name
)
def test_json_suite_where_the_standard_leaves_it_open(path: Path) -> None:
    try:
        parse(path.read_bytes())
    except NotARecordError:
        accepted = False
    else:
        accepted = True
    assert accepted == (path.name not in REFUSED_OF_THE_OPEN_ONES)


def _has_signed(key: bytes, signature: bytes, message: bytes) -> bool | str:
    try:
        return len(signature) == 64 and PublicKey("k", key).has_signed(message, signature)
    except KeyRefusedError:
        return "refused"


def test_rfc_8032() -> None:
    lines = (VECTORS / "rfc8032/sign.input").read_text().splitlines()
    for line in lines[::8]:
        _, public, message, signed = line.split(":")[:4]
        signature = bytes.fromhex(signed)[:64]
        assert _has_signed(bytes.fromhex(public), signature, bytes.fromhex(message)) is True
    assert len(lines) == 1024


def test_wycheproof() -> None:
    suite = json.loads((VECTORS / "wycheproof/testvectors_v1/ed25519_test.json").read_text())
    count = 0
    for group in suite["testGroups"]:
        key = bytes.fromhex(group["publicKey"]["pk"])
        for test in group["tests"]:
            signature, message = bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"])
            assert (_has_signed(key, signature, message) is True) == (test["result"] == "valid")
            count += 1
    assert count == 151


def test_speccheck() -> None:
    cases = json.loads((VECTORS / "speccheck/cases.json").read_text())
    row = [
        _has_signed(*(bytes.fromhex(case[name]) for name in ("pub_key", "signature", "message")))
        for case in cases
    ]
    # 0 and 1 have keys of low order, 2 to 5, 8 and 9 keys that are not of prime order, 10 and 11
    # keys that are no canonical encoding. In 6 and 7 the signature's S is not reduced.
    assert row == ["refused"] * 6 + [False] * 2 + ["refused"] * 4


def test_cctv_weak_keys_are_refused() -> None:
    vectors = json.loads((VECTORS / "cctv/ed25519/ed25519vectors.json").read_text())
    weak = [v for v in vectors if {"low_order_A", "non_canonical_A"} & set(v["flags"] or ())]
    assert weak
    for vector in weak:
        with pytest.raises(KeyRefusedError):
            PublicKey("weak", bytes.fromhex(vector["key"]))


def test_key_of_wrong_length_or_off_the_curve_is_refused() -> None:
    for raw in (b"", b"x" * 31, b"\x02" + bytes(31), b"\x01" + bytes(30) + b"\x80"):
        with pytest.raises(KeyRefusedError):
            PublicKey("weak", raw)


def test_base32() -> None:
    vectors = json.loads((VECTORS / "rfc4648/base32.json").read_text())["vectors"]
    for text, encoded in vectors.items():
        assert base64.b32encode(text.encode()).decode() == encoded
    assert len(vectors) == 7


def test_text_hash_agrees_with_real_titles_and_abstracts() -> None:
    entries = json.loads((VECTORS / "title-abstract.json").read_text())["title_abstract"]
    for entry in entries:
        assert text_hash(entry["title"]) == entry["title_canon_sha256"]
        if "abstract" in entry and "abstract_canon_sha256" in entry:
            assert text_hash(entry["abstract"]) == entry["abstract_canon_sha256"]
    assert entries


def test_real_integrity_reports_are_verified() -> None:
    for report in json.loads((SHARED / "records/integrity-reports.json").read_text()):
        integrity = report["integrity"]
        payload = {"detectors": integrity["detectors_run"], "findings": integrity["findings"]}
        assert snapshot_hash(payload) == integrity["snapshot_sha256"]
        for event in report["events"]:
            signature = decode_base64(event["signature_b64"], 64)
            assert signature is not None
            assert PINNED.has_signed(bytes.fromhex(event["payload_sha256"]), signature)


def test_pinned_key_equals_the_published_manifest() -> None:
    manifest = json.loads((SHARED / "records/pith-mirrors.json").read_text())
    published = manifest["mirrors"][0]["public_key"]
    assert PINNED.raw.hex() == published["public_key_hex"]
    assert PINNED.key_id == published["key_id"]
    assert PINNED.fingerprint == published["fingerprint_sha256_hex"]
    assert PINNED.fingerprint_base32 == published["fingerprint_sha256_b32_first128bits"]
    assert hashlib.sha256(PINNED.raw).hexdigest().startswith(PINNED.fingerprint)
