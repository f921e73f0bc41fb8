"""Two contents signed for one version: an alarm, even if each is stored under its own number."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.lookup.equivocation import Finding, find_equivocation
from pith_tui.protocol.equivocation import Equivocation
from pith_tui.protocol.reading import CheckedRecord, read
from pith_tui.store.cache import Cache
from tests.registry.records import Paper, SigningKey, build, wire
from tests.registry.server import Registry
from tests.stored import TRUSTED, file_record, quiet

KEY = SigningKey()
STRANGER = SigningKey("stranger", b"\x09" * 32)
ONE = wire(build(Paper(), KEY))
TWO = wire(build(Paper(title="The Other Face"), KEY))
Captured = pytest.CaptureFixture[str]


def _read(raw: bytes) -> CheckedRecord:
    return read(raw, None, TRUSTED)


def _kind(finding: Finding | None) -> Equivocation | None:
    return None if finding is None else finding.kind


def test_work_signed_twice_is_found_under_its_other_number(cache: Cache) -> None:
    assert find_equivocation(cache, _read(ONE), TRUSTED) is None
    file_record(cache, ONE)
    assert find_equivocation(cache, _read(ONE), TRUSTED) is None
    assert _kind(find_equivocation(cache, _read(TWO), TRUSTED)) is Equivocation.SIGNED_TWICE
    file_record(cache, TWO)
    assert _kind(find_equivocation(cache, _read(ONE), TRUSTED)) is Equivocation.SIGNED_TWICE


def test_other_versions_works_and_forgeries_are_not_an_alarm(cache: Cache) -> None:
    for raw in (
        wire(build(Paper(version=2), KEY)),
        wire(build(Paper(arxiv="2402.00002"), KEY)),
        wire(build(Paper(title="Forged"), STRANGER)),
    ):
        file_record(cache, raw)
    assert find_equivocation(cache, _read(ONE), TRUSTED) is None
    assert find_equivocation(cache, _read(b"{"), TRUSTED) is None
    assert find_equivocation(cache, _read(b'{"pith_number": "x"}'), TRUSTED) is None


def test_damaged_record_hides_no_other_equivocation(cache: Cache) -> None:
    file_record(cache, wire(build(Paper(title="A Third Face"), KEY)))
    damaged = file_record(cache, TWO)
    with cache.writing() as connection:
        connection.execute(
            "UPDATE answer SET sha256 = x'00' WHERE record ="
            " (SELECT id FROM record WHERE suffix = ?)",
            (damaged.suffix,),
        )
    assert _kind(find_equivocation(cache, _read(ONE), TRUSTED)) is Equivocation.SIGNED_TWICE


@pytest.mark.parametrize("command", [["verify"], ["fetch"], ["fetch", "--refresh"]])
@pytest.mark.parametrize("same_name", [True, False])
def test_equivocation_is_reported_once_under_either_name(
    path: Path, capsys: Captured, command: list[str], same_name: bool
) -> None:
    assert main(["keys", "add", KEY.key_id, KEY.public_b64, "--yes"]) == exit_codes.OK
    with closing(Cache.open(path, notice=quiet)) as cache:
        response = file_record(cache, ONE)
    with Registry(KEY) as registry:
        registry.add(build(Paper(title="The Other Face"), KEY))
        other = str(build(Paper(title="The Other Face"), KEY)["pith_number"])
        asked = response.arxiv or "" if same_name else other
        capsys.readouterr()
        code = main([*command, asked, "--server", registry.url])
    assert capsys.readouterr().err.count("ALARM") == 1
    assert code == exit_codes.ATTENTION
