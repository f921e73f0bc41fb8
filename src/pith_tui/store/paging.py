"""Pages of the cache in any order: rows are found by key, whatever the number of records.

A page is asked for by the row before it, so that the millionth costs as much as the first.  How a
search in another order than that of arrival is done depends on its number of matches: a few are
sorted; of many, the next rows of the order are tried.  Where that does not fill a page, as when the
matches stand together far along the order, all matches are collected and the order is followed
until the page is full.
"""

from __future__ import annotations

import sqlite3
from enum import Enum
from typing import NamedTuple

from pith_tui.store import indexing
from pith_tui.store.cache import Cache
from pith_tui.store.query import Query
from pith_tui.store.records import StoredRecord, records_at

_FEW = 15_000
"""Up to this many matches are sorted: a microsecond or two each."""
_DENSE = 0.2
"""From this share of matches on, rows are tried against the search one by one."""
_STEPS = 2_000
"""Rows of an order whose years are looked at."""
_MOST_STEPS = 20_000
"""Where more rows would have to be tried, all matches are collected first."""


class Order(Enum):
    """What records are sorted by: its column, and the index that is in its order."""

    ARRIVAL = ("r.id", "")
    TITLE = ("r.sort_title", "record_by_title")
    NAME = ("r.sort_name", "record_by_name")
    CATEGORY = ("r.sort_category", "record_by_category")
    SUBMITTED = ("r.sort_submitted", "record_by_submission")
    CHECKED = ("r.checked_at", "record_by_check")

    def __init__(self, column: str, index: str) -> None:
        self.column = column
        self.index = index

    @property
    def needs_columns(self) -> bool:
        """Whether it is of those that an older file has to be prepared for."""
        return self in (Order.TITLE, Order.NAME, Order.CATEGORY, Order.SUBMITTED)


class Sorting(NamedTuple):
    """An order and its direction."""

    order: Order = Order.ARRIVAL
    descending: bool = False


class Position(NamedTuple):
    """Where a row stands: its key in the order, and its number, which decides among equals."""

    key: str | int
    number: int


class Window(NamedTuple):
    """The rows asked for: how many, next to which place (None for the edge), on which side of it.

    ``backward`` rows come before the place, as shown; the page is in order either way.
    """

    place: Position | None
    backward: bool
    size: int


class PositionedRecord(NamedTuple):
    """A record of a page, and where it stands."""

    place: Position
    item: StoredRecord


def page(cache: Cache, query: Query, sorting: Sorting, window: Window) -> list[PositionedRecord]:
    """Return a page of the matches of a search.

    An order whose columns are not filled yet (see reindex.py) becomes that of arrival.  Raises
    CacheError, also where another thread interrupted it.
    """
    with cache.reading() as connection:
        state = indexing.state_of(connection)
        if sorting.order.needs_columns and not state.sortable:
            sorting = sorting._replace(order=Order.ARRIVAL)
        rows = _Search(connection, query, sorting, window, state).rows()
    if window.backward:
        rows.reverse()
    items = {item.number: item for item in records_at(cache, [number for number, _ in rows])}
    return [
        PositionedRecord(Position(key, number), items[number])
        for number, key in rows
        if number in items
    ]


_Row = tuple[int, str | int]
_Values = list[str | int]


class _Search:
    """The search for one page."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        query: Query,
        sorting: Sorting,
        window: Window,
        state: indexing.State,
    ) -> None:
        self._connection = connection
        self._query = query
        self._order = sorting.order
        self._down = sorting.descending != window.backward
        self._window = window
        self._table = state.table
        self._sortable = state.sortable

    def rows(self) -> list[_Row]:
        """Return numbers and keys, in the direction in which they are walked."""
        if self._query.match is None:
            return self._without_words()
        matches, share = self._estimate(self._query.match)
        if self._order is Order.ARRIVAL and not (self._query.has_years and matches >= _FEW):
            return self._by_arrival(self._query.match)
        if matches < _FEW:
            return self._sorted(self._query.match)
        return self._walked(share)

    # Without words

    def _without_words(self) -> list[_Row]:
        if not self._query.has_years:
            return self._along(self._window.size)
        if self._sortable and self._few_in_these_years():
            bound, values = self._beyond()
            return self._fetch(
                f"SELECT r.id, {self._order.column} FROM record r INDEXED BY record_by_submission"
                f" WHERE r.sort_submitted BETWEEN ? AND ?{bound} {self._sort_clause}"
                f" LIMIT {self._window.size}",
                [*self._query.moments, *values],
            )
        return self._walked(1.0)

    def _few_in_these_years(self) -> bool:
        count = self._connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM record r WHERE r.sort_submitted BETWEEN ? AND ?"
            f" LIMIT {_FEW})",
            self._query.moments,
        ).fetchone()
        return int(count[0]) < _FEW

    def _along(self, limit: int, among: str = "", chosen: _Values | None = None) -> list[_Row]:
        """Return up to ``limit`` rows along the order; ``among`` restricts them further."""
        place, column, values = self._window.place, self._order.column, chosen or []
        index = f" INDEXED BY {self._order.index}" if self._order.index else ""
        head = f"SELECT r.id AS id, {column} AS key FROM record r{index} WHERE"
        tail = f"{among} {self._sort_clause} LIMIT {limit}"
        if place is None:
            return self._fetch(f"{head} {column} IS NOT NULL{tail}", values)
        sign = "<" if self._down else ">"
        beyond = f"{head} {column} {sign} ?{tail}"
        if self._order is Order.ARRIVAL:
            return self._fetch(beyond, [place.number, *values])
        # Equal keys are a query of their own: only so does SQLite seek by the number as well.
        ties = f"{head} {column} = ? AND r.id {sign} ?{tail}"
        rows = self._fetch(ties, [place.key, place.number, *values])
        if len(rows) < limit:
            rows += self._fetch(beyond, [place.key, *values])
        return rows[:limit]

    # With words

    def _estimate(self, match: str) -> tuple[int, float]:
        """Count matches up to a few; with more, estimate their share of the records."""
        matches, first, last = self._connection.execute(
            "SELECT count(*), min(n), max(n) FROM (SELECT rowid AS n"
            f" FROM {self._table} WHERE {self._table} MATCH ? LIMIT {_FEW})",
            (match,),
        ).fetchone()
        return int(matches), matches / (last - first + 1) if matches else 0.0

    def _by_arrival(self, match: str) -> list[_Row]:
        place, sign = self._window.place, "<" if self._down else ">"
        bound = "" if place is None else f" AND s.rowid {sign} ?"
        values: _Values = [match, *([] if place is None else [place.number])]
        join = " CROSS JOIN record r ON r.id = s.rowid" if self._query.has_years else ""
        return self._fetch(
            f"SELECT s.rowid, s.rowid FROM {self._table} s{join} WHERE {self._table} MATCH ?"
            f"{bound}{self._query.years} ORDER BY s.rowid {'DESC' if self._down else 'ASC'}"
            f" LIMIT {self._window.size}",
            [*values, *self._query.year_values],
        )

    def _sorted(self, match: str) -> list[_Row]:
        bound, values = self._beyond()
        return self._fetch(
            f"SELECT r.id, {self._order.column} FROM {self._table} s CROSS JOIN record r"
            f" ON r.id = s.rowid WHERE {self._table} MATCH ?{self._query.years}{bound}"
            f" {self._sort_clause} LIMIT {self._window.size}",
            [match, *self._query.year_values, *values],
        )

    # Either

    def _walked(self, share: float) -> list[_Row]:
        """Try as many rows of the order as should contain a page; else collect all matches."""
        steps = int(self._window.size / share * 1.5) + 50
        if self._query.has_years:
            steps = max(steps, _STEPS)
        if steps < _MOST_STEPS:
            rows = self._along(steps)
            matching = self._matching([number for number, _ in rows], share)
            matches = [row for row in rows if row[0] in matching]
            if len(matches) >= self._window.size or len(rows) < steps:
                return matches[: self._window.size]
        among, chosen = "", list[str | int]()
        if self._query.match is not None:
            among = f" AND r.id IN (SELECT rowid FROM {self._table} WHERE {self._table} MATCH ?)"
            chosen.append(self._query.match)
        if self._query.has_years:
            among += self._these_years
            chosen += self._query.moments if self._sortable else self._query.year_values
        return self._along(self._window.size, among, chosen)

    @property
    def _these_years(self) -> str:
        if self._order is Order.SUBMITTED:
            return " AND r.sort_submitted BETWEEN ? AND ?"
        if self._sortable:
            return (
                " AND r.id IN (SELECT y.id FROM record y INDEXED BY record_by_submission"
                " WHERE y.sort_submitted BETWEEN ? AND ?)"
            )
        return self._query.years

    def _matching(self, numbers: list[int], share: float) -> set[int]:
        """Return those of the numbers that the search finds."""
        listed = ",".join(map(str, numbers))
        if self._query.has_years:
            rows = self._fetch(
                f"SELECT r.id, 0 FROM record r WHERE r.id IN ({listed}){self._query.years}",
                [*self._query.year_values],
            )
            listed = ",".join(str(number) for number, _ in rows)
            if self._query.match is None:
                return {number for number, _ in rows}
        assert self._query.match is not None, "there are years or words"
        # With the plus SQLite goes through all matches once, without it by number to each.
        plus = "" if share >= _DENSE and self._query.is_short else "+"
        sql = (
            f"SELECT s.rowid, 0 FROM {self._table} s WHERE {self._table} MATCH ?"
            f" AND {plus}s.rowid IN ({listed})"
        )
        return {number for number, _ in self._fetch(sql, [self._query.match])}

    # What both need

    @property
    def _sort_clause(self) -> str:
        way = "DESC" if self._down else "ASC"
        number = "" if self._order is Order.ARRIVAL else f", r.id {way}"
        return f"ORDER BY {self._order.column} {way}{number}"

    def _beyond(self) -> tuple[str, _Values]:
        place, sign = self._window.place, "<" if self._down else ">"
        if place is None:
            return "", []
        return f" AND ({self._order.column}, r.id) {sign} (?, ?)", [place.key, place.number]

    def _fetch(self, sql: str, values: _Values) -> list[_Row]:
        return self._connection.execute(sql, values).fetchall()
