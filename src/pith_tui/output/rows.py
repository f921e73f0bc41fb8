"""Rows: what a pane shows, as data; the terminal browser and plain output draw the same rows.

A row's ``text`` is raw record text.  The code that draws a row makes it safe.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import Enum
from typing import NamedTuple

from pith_tui.output.labels import key_label, path_label
from pith_tui.output.references import reference_in
from pith_tui.protocol.identifiers import Identifier
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.report import Outcome
from pith_tui.protocol.strict_json import Path, WrittenNumber, path_text


class Style(Enum):
    """How a row reads."""

    FIELD = "field"
    TITLE = "title"
    HEADING = "heading"
    NOTE = "note"
    CHECK = "check"
    PART = "part"
    BRANCH = "branch"
    LEGEND = "legend"


class OpenRecord(NamedTuple):
    """Look up the record that an identifier names."""

    identifier: Identifier


class OpenLink(NamedTuple):
    """Open a URL, which the program has built, in the web browser."""

    url: str


class Toggle(NamedTuple):
    """Show or hide what has an id: the details of a check, a branch of a tree."""

    id: str


class Pick(NamedTuple):
    """Choose one thing of the list that the rows show, by its position from 0."""

    position: int


class ListRecords(NamedTuple):
    """List the records that a row counts: those of a verdict, a check, a conflict, and so on."""

    kind: str
    id: str = ""


Action = OpenRecord | OpenLink | Toggle | Pick | ListRecords
"""What opening a row does."""


class Row(NamedTuple):
    """One field, heading, note or check.

    ``copy`` is what copying the row gives where that is not ``text``; ``tex`` says that the text
    is TeX and may be shown as Unicode; ``action`` is what opening the row does, None where it does
    nothing; ``collapsed`` says that what the row toggles is hidden; ``paths`` are the leaves of the
    record that it shows; ``depth`` is how many branches it stands below.
    """

    label: str
    text: str
    style: Style = Style.FIELD
    mark: Mark | None = None
    outcome: Outcome | None = None
    tex: bool = False
    copy: str | None = None
    action: Action | None = None
    collapsed: bool = False
    paths: tuple[Path, ...] = ()
    depth: int = 0

    @property
    def copied(self) -> str:
        """What copying the row gives: the whole raw value."""
        return self.text if self.copy is None else self.copy


IsOpen = Callable[[str, bool], bool]
"""Returns whether what has an id is expanded, given whether it is by default."""


def default_expanded(toggle_id: str, default: bool) -> bool:
    """Expand every check, and each part of the graph that is not empty: for reading in one go."""
    return default or not toggle_id.startswith("$")


def all_expanded(toggle_id: str, default: bool) -> bool:
    """Expand everything."""
    del toggle_id, default
    return True


_MAX_MEMBERS = 1000
"""Members of one list or object that a tree shows; a note says how to see the others."""


class RowBuilder:
    """Collects rows and remembers which leaves they show, so that the others can be shown too."""

    def __init__(self, checked: CheckedRecord, is_open: IsOpen = all_expanded) -> None:
        self.checked = checked
        self._is_open = is_open
        self.rows: list[Row] = []
        self._shown: set[Path] = set()
        self._leaves = list(checked.marks)
        self._spans = _spans(self._leaves)
        self._in_conflict = _in_conflict(checked)

    def flush(self) -> list[Row]:
        """Return the rows so far and start again; what was shown stays remembered."""
        rows, self.rows = self.rows, []
        return rows

    def heading(self, label: str, text: str = "", outcome: Outcome | None = None) -> None:
        """Begin a group."""
        self.rows.append(Row(label, text, Style.HEADING, outcome=outcome))

    def note(self, text: str) -> None:
        """Add a sentence of the program's own."""
        self.rows.append(Row("", text, Style.NOTE))

    def field(
        self,
        label: str,
        *path: str | int,
        style: Style = Style.FIELD,
        tex: bool = False,
        empty: str = "(empty)",
        depth: int = 0,
        outcome: Outcome | None = None,
    ) -> None:
        """Show the value at a path, if there is one; ``empty`` stands for an empty one."""
        value = self.checked.record.value_at(*path)
        if value is None and path not in self.checked.marks:
            return
        leaves = tuple(leaf for leaf in self._below(path) if leaf not in self._shown)
        text = plain_value(value)
        reference = reference_in(self.checked.record, path, value)
        self.rows.append(
            Row(
                label,
                text or empty,
                style,
                mark=self.weakest_mark(leaves or (path,)),
                outcome=self._conflict_at(leaves or (path,)) if outcome is None else outcome,
                tex=tex and bool(text),
                copy=text,
                action=None if reference is None else OpenRecord(reference),
                paths=leaves,
                depth=depth,
            )
        )
        self._shown.update(leaves)

    def branch(
        self,
        label: str,
        text: str,
        *path: str | int,
        opened: bool,
        outcome: Outcome | None = None,
        depth: int = 0,
    ) -> bool:
        """Begin a branch for what is at a path; return whether it is expanded.

        What is in a collapsed branch counts as shown: the branch is its place.
        """
        toggle = Toggle(path_text(path))
        expanded = self._is_open(toggle.id, opened)
        mark = self.weakest_mark(tuple(self._below(path)) or (path,))
        row = Row(label, text, Style.BRANCH, mark, outcome, action=toggle, depth=depth)
        self.rows.append(row._replace(collapsed=not expanded))
        if not expanded:
            self._shown.update(self._below(path))
        return expanded

    def tree(
        self,
        *path: str | int,
        depth: int,
        outcomes: Mapping[Path, Outcome] | None = None,
    ) -> None:
        """Show all that is below a path, whatever its shape: a branch for each list or object."""
        value = self.checked.record.value_at(*path)
        members = list(value.items() if isinstance(value, dict) else enumerate(_items(value)))
        if not members:
            self._leaf(path, depth, outcomes)
        for number, (key, member) in enumerate(members):
            child = (*path, key)
            if number == _MAX_MEMBERS:
                self._leave_out(path, len(members) - number)
                return
            if self._shown.issuperset(self._below(child)):
                continue
            if _is_nested(member):
                label = key_label(key) if isinstance(key, str) else f"{key + 1}"
                if self.branch(
                    label, summary(member), *child, opened=depth < _OPEN_DEPTH, depth=depth
                ):
                    self.tree(*child, depth=depth + 1, outcomes=outcomes)
            else:
                self._leaf(child, depth, outcomes)

    def _leave_out(self, path: Path, count: int) -> None:
        self.note(f"… and {count:,} more: w shows every member, `pith-tui show --raw` all bytes")
        self._shown.update(self._below(path))

    def _leaf(self, path: Path, depth: int, outcomes: Mapping[Path, Outcome] | None) -> None:
        last = path[-1]
        label = key_label(last) if isinstance(last, str) else f"{last + 1}"
        self.field(label, *path, depth=depth, outcome=(outcomes or {}).get(path), tex=True)

    def add_summary(self, label: str, text: str, *prefix: str | int) -> None:
        """Show everything below a path as one row with a summary by the program."""
        leaves = tuple(leaf for leaf in self._below(prefix) if leaf not in self._shown)
        if leaves:
            self.rows.append(Row(label, text, mark=self.weakest_mark(leaves), paths=leaves))
            self._shown.update(leaves)

    def add_remaining(self, *prefix: str | int, most: int = _MAX_MEMBERS) -> bool:
        """Show the leaves below a path that no row has shown; returns whether there was one."""
        left = [leaf for leaf in self._below(prefix) if leaf not in self._shown]
        for number, leaf in enumerate(left):
            if number == most:
                self._leave_out(prefix, len(left) - number)
                break
            self.field(path_label(leaf[len(prefix) :] or leaf), *leaf)
        return bool(left)

    def mark_shown(self, *leaves: Path) -> None:
        """Count leaves as shown that a row shows in some other way."""
        self._shown.update(leaves)

    def weakest_mark(self, leaves: tuple[Path, ...]) -> Mark:
        """Return the weakest of several marks: a row promises no more than its least part."""
        order = (Mark.CONTRADICTED, Mark.CLAIMED, Mark.PROVED, Mark.SIGNED)
        marks = {self.checked.marks.get(leaf, Mark.CLAIMED) for leaf in leaves}
        return next(mark for mark in order if mark in marks)

    def _conflict_at(self, leaves: tuple[Path, ...]) -> Outcome | None:
        """Return that a value contradicts another one that is only claimed, if one does."""
        starts = (leaf[:length] for leaf in leaves for length in range(1, len(leaf) + 1))
        conflict = bool(self._in_conflict) and not self._in_conflict.isdisjoint(starts)
        return Outcome.CONFLICT if conflict else None

    def _below(self, prefix: Path) -> list[Path]:
        """Return the leaves below a path; they are adjacent, since the record is a tree."""
        first, last = self._spans.get(prefix, (0, 0))
        return self._leaves[first:last]


def _in_conflict(checked: CheckedRecord) -> frozenset[Path]:
    """Return the paths of values in conflict: of a copy in the graph, the record's own as well."""
    paths = [
        part.path
        for check in checked.report.checks
        for part in check.parts
        if part.outcome is Outcome.CONFLICT
    ]
    twins = [path[1:] for path in paths if path[:1] == ("graph_snapshot",)]
    return frozenset(
        [*paths, *(path for path in twins if checked.marks.get(path) is not Mark.PROVED)]
    )


def _spans(leaves: list[Path]) -> dict[Path, tuple[int, int]]:
    """Return for every path above or at a leaf where its leaves begin and end.

    Searching all leaves for every row took minutes for a record of thousands.
    """
    spans: dict[Path, tuple[int, int]] = {}
    for index, leaf in enumerate(leaves):
        for length in range(len(leaf) + 1):
            prefix = leaf[:length]
            spans[prefix] = (spans[prefix][0] if prefix in spans else index, index + 1)
    return spans


_OPEN_DEPTH = 5
"""Branches above this depth are expanded by default."""
_SUMMARY = 60


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _is_nested(value: object) -> bool:
    """Return whether a value needs a branch of its own, since one row cannot show it."""
    if isinstance(value, list):
        return any(isinstance(item, (list, dict)) and item for item in value)
    return isinstance(value, dict) and bool(value)


def summary(value: object) -> str:
    """Summarize a list or object in a line: its first text, or its number of entries."""
    members = list(value.values()) if isinstance(value, dict) else _items(value)
    texts = [member for member in members if isinstance(member, str) and member.strip()]
    if isinstance(value, dict) and texts:
        first = " ".join(texts[0].split())
        return first if len(first) <= _SUMMARY else f"{first[:_SUMMARY]}…"
    return "1 entry" if len(members) == 1 else f"{len(members)} entries"


def plain_value(value: object) -> str:
    """Format a JSON value to read: texts as they are, lists of texts joined, the rest as JSON."""
    if isinstance(value, str):
        return value
    if value is None or value in ([], {}):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return _as_written(value)


def _as_written(value: object) -> str:
    """Write a value as JSON, numbers that are kept as their text as that text."""
    if isinstance(value, WrittenNumber):
        return value.text
    if isinstance(value, list):
        return f"[{', '.join(map(_as_written, value))}]"
    if isinstance(value, dict):
        members = (f"{_as_written(name)}: {_as_written(item)}" for name, item in value.items())
        return f"{{{', '.join(members)}}}"
    return json.dumps(value, ensure_ascii=False)
