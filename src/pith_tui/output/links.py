"""Links and actions of a record: what each does, and where it leads.

Every URL is built here, from the record's recomputed number and its checked arXiv id
(docs/protocol.md, Endpoints).  What the record states itself is claimed: it is compared, never
opened.
"""

from __future__ import annotations

from typing import NamedTuple

from pith_tui.output.labels import path_label
from pith_tui.output.rows import OpenLink, Row, Style, plain_value
from pith_tui.protocol.catalog_entry import catalog_entry
from pith_tui.protocol.identifiers import IdentifierError, Kind, is_arxiv_id, parse_identifier
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Outcome
from pith_tui.protocol.strict_json import Path, path_text

SITE = "https://pith.science"
_MAX_UNKNOWN = 200
"""Links of no known kind that are listed; no honest record has many."""


class RecordIds(NamedTuple):
    """What URLs of a record are built from; each is checked, None where it does not hold.

    ``suffix`` has 26 characters and comes from the recomputed digest; only a record without a
    canonical record is trusted to state its own.
    """

    suffix: str | None
    arxiv: str | None
    version: int | None


class ClaimedUrl(NamedTuple):
    """A URL as the record states it, raw, and where."""

    path: Path
    url: str


class Link(NamedTuple):
    """One link or action.

    ``url`` is None where none can be built; ``stated`` are the record's own URLs for the same
    thing that differ from it; ``is_action`` tells the forms for people from what is to be read.
    What the record states and no kind of link is known for has neither name nor summary.
    """

    id: str
    name: str
    summary: str
    url: str | None
    stated: tuple[ClaimedUrl, ...] = ()
    is_action: bool = False


class _LinkTemplate(NamedTuple):
    """``template`` holds the names that the URL is built from; ``paths`` is where records state it.

    In a record a path alone may stand for a URL of the site, as ``integrity.endpoint`` does.
    """

    id: str
    name: str
    summary: str
    template: str
    paths: tuple[Path, ...] = ()


_API = SITE + "/api/pith-number/{suffix}/"
_KINDS = (
    _LinkTemplate(
        "page",
        "Page",
        "Shows the record's page on the service's website",
        SITE + "/pith/{suffix}",
        (("links", "html"), ("agent_actions", "view_html")),
    ),
    _LinkTemplate(
        "json",
        "JSON",
        "Downloads the record as this program reads it",
        SITE + "/pith/{suffix}.json",
        (("links", "json"), ("agent_actions", "download_json")),
    ),
    _LinkTemplate(
        "paper",
        "Paper",
        "Shows the paper's review page, looked up by the short form",
        SITE + "/paper/{short}",
        (("links", "paper"), ("agent_actions", "view_paper")),
    ),
    _LinkTemplate(
        "arxiv",
        "arXiv",
        "Shows the paper's abstract page at arXiv",
        "https://arxiv.org/abs/{arxiv}",
    ),
    _LinkTemplate(
        "resolve",
        "Resolve",
        "Asks the service for the Pith Number of this arXiv id",
        SITE + "/api/pith-number/resolve?arxiv={arxiv}&json=true",
        (("agent_actions", "resolve_alias"),),
    ),
    _LinkTemplate(
        "graph",
        "Graph",
        "Downloads the graph around the record: claims, references, citations",
        _API + "graph.json",
        (("links", "graph_json"), ("agent_actions", "fetch_graph")),
    ),
    _LinkTemplate(
        "events",
        "Events",
        "Downloads the record's events",
        _API + "events.json",
        (("links", "events_json"), ("agent_actions", "fetch_events")),
    ),
    _LinkTemplate(
        "integrity",
        "Integrity",
        "Downloads the findings of the service's detectors",
        SITE + "/pith/{arxiv}/integrity.json",
        (("graph_snapshot", "integrity", "endpoint"),),
    ),
    _LinkTemplate(
        "bundle",
        "Bundle",
        "Downloads the record with all its events",
        SITE + "/pith/{suffix}/bundle.json",
    ),
    _LinkTemplate(
        "state",
        "State",
        "Downloads the state that the service merges from the events",
        SITE + "/pith/{suffix}/state.json",
    ),
)
_ACTION = SITE + "/pith/{suffix}/action/"


def _action(name: str, summary: str, kind: str, stated: str) -> _LinkTemplate:
    return _LinkTemplate(
        kind, name, summary, _ACTION + kind, (("agent_actions", "actions", stated),)
    )


_ACTIONS = (
    _action(
        "Anchor in time",
        "Opens the form that anchors the digest with OpenTimestamps",
        "timestamp_anchor",
        "anchor_timestamp",
    ),
    _action(
        "Attest storage",
        "Opens the form that reports a capture in the Internet Archive",
        "storage_attestation",
        "attest_storage",
    ),
    _action(
        "Attest authorship",
        "Opens the form for an author to vouch for the record, with ORCID or otherwise",
        "author_attestation",
        "attest_author",
    ),
    _action(
        "Sign a citation",
        "Opens the form that signs how another work relates to this: supports, refutes, extends …",
        "citation_signature",
        "sign_citation",
    ),
    _action(
        "Submit a replication",
        "Opens the form that reports a replication, a falsification or a formal bridge",
        "replication_record",
        "submit_replication",
    ),
)


def record_ids(record: Record) -> RecordIds:
    """Return the names to build URLs from, each only where its regular expression holds."""
    catalog = catalog_entry(record)
    if catalog is None:
        return RecordIds(None, None, None)
    arxiv = catalog.arxiv if catalog.arxiv is not None and is_arxiv_id(catalog.arxiv) else None
    return RecordIds(
        catalog.suffix if _is_suffix(catalog.suffix) else None,
        arxiv,
        catalog.version if arxiv is not None and _is_version(catalog.version) else None,
    )


def links_of(record: Record) -> tuple[Link, ...]:
    """List every link, then every action, then what the record states that is not known here."""
    names = record_ids(record)
    return (
        *(_link(record, names, kind, is_action=False) for kind in _KINDS),
        *(_link(record, names, kind, is_action=True) for kind in _ACTIONS),
        *_unknown(record),
    )


def link_rows(links: tuple[Link, ...]) -> list[Row]:
    """Render links: a row each, which opens its URL, the URL itself, and what the record states
    otherwise; last what only the record states."""
    rows = [Row("Links", "open in the web browser", Style.HEADING)]
    rows += [row for link in links if link.name and not link.is_action for row in _rows(link)]
    rows.append(Row("Actions", "forms on the service's website", Style.HEADING))
    rows += [row for link in links if link.is_action for row in _rows(link)]
    unknown = [stated for link in links if not link.name for stated in link.stated]
    if unknown:
        note = "not known to this program, so not opened"
        rows.append(Row("Stated only by the record", note, Style.HEADING))
        rows += map(_stated_row, unknown[:_MAX_UNKNOWN])
        if len(unknown) > _MAX_UNKNOWN:
            more = len(unknown) - _MAX_UNKNOWN
            rows.append(Row("", f"{more:,} more are in the record itself", Style.NOTE))
    return rows


def count_stated_otherwise(links: tuple[Link, ...]) -> int:
    """Count the links for which the record states another URL than the one built."""
    return sum(bool(link.stated and link.name) for link in links)


def links_text(links: tuple[Link, ...]) -> str:
    """Describe how the URLs were built, and how many the record states otherwise."""
    differ = count_stated_otherwise(links)
    if not differ:
        return "built from the id; where the record states a URL, it is the same"
    count = "1 is stated differently" if differ == 1 else f"{differ} are stated differently"
    return f"{count} in the record; the URLs opened are built from its id"


def _rows(link: Link) -> list[Row]:
    if link.url is None:
        rows = [Row(link.name, "no URL can be built: the record has no valid id for it", copy="")]
    else:
        rows = [
            Row(link.name, link.summary, action=OpenLink(link.url), copy=link.url),
            Row("", link.url, Style.NOTE),
        ]
    if link.stated:
        rows += map(_stated_row, link.stated)
        note = "the record states this instead; it is only claimed, and is not opened"
        rows.append(Row("", note, Style.NOTE))
    return rows


def _stated_row(stated: ClaimedUrl) -> Row:
    label = path_label(stated.path)
    return Row(label, stated.url, Style.PART, outcome=Outcome.UNDECIDED, copy=stated.url)


def _is_suffix(text: str) -> bool:
    try:
        identifier = parse_identifier(text)
    except IdentifierError:
        return False
    return identifier.kind is Kind.PITH and identifier.is_full and identifier.value == text


def _is_version(version: int | None) -> bool:
    return version is not None and 0 < version < 10_000


def _link(record: Record, names: RecordIds, kind: _LinkTemplate, *, is_action: bool) -> Link:
    url = _url(kind.template, names)
    stated = []
    for path in kind.paths:
        value = record.value_at(*path)
        if value is None:
            continue
        whole = f"{SITE}{value}" if isinstance(value, str) and value.startswith("/") else value
        if whole != url:
            stated.append(ClaimedUrl(path, plain_value(value)))
    return Link(kind.id, kind.name, kind.summary, url, tuple(stated), is_action)


def _url(template: str, names: RecordIds) -> str | None:
    """Fill a template in, None where it needs a name that does not hold."""
    suffix, arxiv = names.suffix, names.arxiv
    if (suffix is None and "{s" in template) or (arxiv is None and "{arxiv}" in template):
        return None
    return template.format(suffix=suffix, short=(suffix or "")[:8], arxiv=arxiv)


def _unknown(record: Record) -> list[Link]:
    """Return the members of links and actions that no kind of link claims, so that none is lost."""
    known = {path for kind in (*_KINDS, *_ACTIONS) for path in kind.paths}
    return [
        Link(path_text(path), "", "", None, (ClaimedUrl(path, plain_value(value)),))
        for path, value in record.leaves()
        if path[0] in ("links", "agent_actions") and path not in known and value not in ({}, [])
    ]
