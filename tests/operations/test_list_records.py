"""Listing records, damage, and stored bytes that are not a record."""

from __future__ import annotations

import pytest

from pith_tui.errors import NotFoundError
from pith_tui.operations.list_records import find_stored, list_named, list_records
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.store.cache import Cache
from pith_tui.store.records import EVERYTHING
from tests.stored import TRUSTED, damage, file_record, put, replace_bytes


def test_each_record_is_listed_or_has_an_error(cache: Cache) -> None:
    good, torn, odd = (put(cache, arxiv=f"2401.0000{n}") for n in range(1, 4))
    damage(cache, torn)
    replace_bytes(cache, odd, b"[]")
    listed = list(list_records(cache, TRUSTED, EVERYTHING))
    assert [record.suffix for record in listed] == [good, torn, odd]
    assert [record.catalog is None for record in listed] == [False, True, True]
    assert [record.error is None for record in listed] == [True, False, False]
    assert "not a record" in str(listed[2].error)
    named = list(list_named(cache, [odd, "A" * 26, good]))
    assert [record.suffix for record in named] == [odd, good]


def test_record_not_in_the_cache_is_not_found(cache: Cache) -> None:
    suffix = put(cache)
    file_record(cache, b'{"pith_number": "pith:2024:' + b"A" * 26 + b'"}')
    assert find_stored(cache, parse_identifier("2401.00001")) == [suffix]
    with pytest.raises(NotFoundError, match="is not in the cache"):
        find_stored(cache, parse_identifier("2401.00009"))
