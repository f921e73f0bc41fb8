"""The documentation refers to existing headings, files and tests."""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pith_tui.protocol.verification import CHECK_IDS
from tests.support import ROOT

README = ROOT / "README.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CITATION = re.compile(r"docs/(\w[\w-]*\.md)(?:, (.{0,80}))?")


def headings(page: Path) -> list[str]:
    return re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)


def anchor(heading: str) -> str:
    """Return the anchor of a heading, as Markdown viewers make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def citations() -> Iterator[tuple[str, str, str]]:
    """Yield each place in the code that cites a page, the page, and the text after it."""
    for folder in ("src", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path != Path(__file__):
                text = re.sub(r"\s+(?:# )?", " ", path.read_text("utf-8"))
                for match in _CITATION.finditer(text):
                    yield str(path.relative_to(ROOT)), match[1], match[2] or ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_in_the_documentation_resolve(page: Path) -> None:
    for target in _LINK.findall(page.read_text("utf-8")):
        if not re.match(r"https?:", target):
            name, _, fragment = target.partition("#")
            linked = page.parent / name if name else page
            assert linked.exists(), target
            assert not fragment or fragment in map(anchor, headings(linked)), target


def test_cited_headings_exist() -> None:
    cited = list(citations())
    assert cited
    for place, name, text in cited:
        page = ROOT / "docs" / name
        assert page.is_file(), (place, name)
        if text[:1].isupper():
            assert text.startswith(tuple(headings(page))), (place, text)


def test_security_policy_names_existing_tests() -> None:
    named = re.findall(r"`(tests/\S+\.py)`", (ROOT / "SECURITY.md").read_text("utf-8"))
    assert named
    assert [path for path in named if not (ROOT / path).is_file()] == []


def test_python_page_examples_give_the_shown_output() -> None:
    failed, tried = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False)
    assert (failed, tried > 10) == (0, True)


def test_the_readme_counts_the_checks() -> None:
    number = re.findall(r"^(\w+) checks run each time", README.read_text("utf-8"), re.MULTILINE)
    assert number == [{16: "Sixteen"}.get(len(CHECK_IDS), str(len(CHECK_IDS)))]


def test_the_rule_of_the_verdict_lists_every_check() -> None:
    text = (ROOT / "docs" / "verdict.md").read_text("utf-8")
    assert [check for check in CHECK_IDS if f"`{check}`" not in text] == []
