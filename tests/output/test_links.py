"""Links and actions: built from checked ids, never taken from the record."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.output.links import SITE, Link, link_rows, links_of, record_ids
from pith_tui.output.rows import OpenLink
from pith_tui.protocol.record import Record
from tests.browser import EVIL, evil_record
from tests.registry.records import Paper, SigningKey, build, wire
from tests.support import REAL_SUFFIX, partial_records, real_record

KEY = SigningKey()
URL = re.compile(
    r"https://(?:pith\.science|arxiv\.org)/[A-Za-z0-9./_-]+(?:\?arxiv=[a-z0-9./-]+&json=true)?\Z"
)


def links(tree: dict[str, Any]) -> dict[str, Link]:
    return {link.id: link for link in links_of(Record(wire(tree)))}


def real_tree() -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(real_record())
    return tree


def test_built_urls_equal_those_of_the_real_record() -> None:
    listed = links_of(Record(real_record()))
    assert len(listed) == 15
    assert all(link.stated == () for link in listed)
    tree = real_tree()
    built = {link.url for link in listed}
    stated = {*tree["links"].values(), *tree["agent_actions"].pop("actions").values()}
    assert built >= stated | set(tree["agent_actions"].values())
    assert f"{SITE}/pith/2503.11832/integrity.json" in built
    assert [link.id for link in listed if link.is_action] == [
        "timestamp_anchor",
        "storage_attestation",
        "author_attestation",
        "citation_signature",
        "replication_record",
    ]
    assert all(link.summary[0].isupper() and "." not in link.summary for link in listed)


def test_every_sample_gives_valid_urls_and_old_ids_keep_their_slash() -> None:
    old = 0
    for raw in partial_records():
        record = Record(raw)
        for link in links_of(record):
            assert link.url is not None
            assert URL.match(link.url), link.url
        arxiv = record_ids(record).arxiv or ""
        old += "/" in arxiv
        assert {link.id: link for link in links_of(record)}["arxiv"].url == (
            f"https://arxiv.org/abs/{arxiv}"
        )
    assert old > 0


def test_differing_url_is_reported_and_not_used() -> None:
    tree = real_tree()
    tree["links"]["html"] = "https://evil.example/pith"
    tree["agent_actions"]["view_html"] = f"{SITE}/pith/{REAL_SUFFIX}"
    tree["agent_actions"]["actions"]["attest_author"] = 7
    tree["graph_snapshot"]["integrity"]["endpoint"] = "//evil.example/x"
    listed = links(tree)
    assert listed["page"].url == f"{SITE}/pith/{REAL_SUFFIX}"
    assert [(s.path, s.url) for s in listed["page"].stated] == [
        (("links", "html"), "https://evil.example/pith")
    ]
    assert listed["author_attestation"].stated[0].url == "7"
    assert listed["integrity"].stated[0].url == "//evil.example/x"
    assert listed["json"].stated == ()


def test_pith_number_in_urls_is_recomputed() -> None:
    tree = real_tree()
    tree["pith_number"] = f"pith:2025:{'A' * 26}"
    assert links(tree)["page"].url == f"{SITE}/pith/{REAL_SUFFIX}"


@pytest.mark.parametrize(
    "suffix", ["10.1234/abcdefghijklmnopqr", "A" * 25 + "1", "../" * 8 + "xx", "A" * 27]
)
def test_invalid_pith_number_gives_no_url(suffix: str) -> None:
    tree = real_tree()
    del tree["canonical_record"]
    tree["pith_number"] = f"pith:2025:{suffix}"
    tree["source"]["id"] = "2503.11832"
    assert record_ids(Record(wire(tree))).suffix is None
    assert all(link.url is None or suffix not in link.url for link in links(tree).values())


@pytest.mark.parametrize("arxiv", ["../etc", "2503.11832v", "2503.11832&x", "ARXIV:x", ""])
def test_invalid_arxiv_id_gives_no_url(arxiv: str) -> None:
    listed = links(build(Paper(arxiv=arxiv), KEY))
    for name in ("arxiv", "resolve", "integrity"):
        assert listed[name].url is None
    assert listed["page"].url is not None


@pytest.mark.parametrize(
    ("stated", "arxiv"),
    [
        ("2503.11832v5", "2503.11832"),
        ("math.GT/0309136", "math/0309136"),
        ("arXiv:2503.11832", "2503.11832"),
    ],
)
def test_arxiv_id_is_normalised_in_urls(stated: str, arxiv: str) -> None:
    listed = links(build(Paper(arxiv=stated), KEY))
    assert listed["arxiv"].url == f"https://arxiv.org/abs/{arxiv}"


def test_unknown_url_is_listed_and_never_opened() -> None:
    tree = real_tree()
    tree["links"]["shop"] = "https://evil.example/"
    tree["agent_actions"]["actions"]["sell"] = ["https://evil.example/"]
    unknown = [link for link in links(tree).values() if link.url is None]
    assert [link.id for link in unknown] == ["$.links.shop", "$.agent_actions.actions.sell[0]"]
    rows = link_rows(links_of(Record(wire(tree))))
    evil = [row for row in rows if "evil" in row.text]
    assert [row.label for row in evil] == ["links.shop", "agent_actions.actions.sell[0]"]
    assert all(row.action is None for row in evil)


def test_link_rows_open_their_url_and_report_differences() -> None:
    tree = real_tree()
    tree["links"]["html"] = EVIL
    rows = link_rows(links_of(Record(wire(tree))))
    opened = [row.action for row in rows if isinstance(row.action, OpenLink)]
    assert len(opened) == len(set(opened)) == 15
    index = next(n for n, row in enumerate(rows) if row.text == EVIL)
    assert rows[index].label == "links.html"
    assert rows[index].action is None
    assert "is not opened" in rows[index + 1].text
    assert rows[index - 1].text == f"{SITE}/pith/{REAL_SUFFIX}"


@given(st.text(max_size=60))
def test_hostile_text_never_enters_a_url(text: str) -> None:
    for link in links_of(Record(evil_record(text))):
        assert link.url is None or URL.match(link.url)
    tree = build(Paper(arxiv=text), KEY)
    for link in links_of(Record(wire(tree))):
        assert link.url is None or URL.match(link.url)
