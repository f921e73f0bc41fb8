"""Pages of the archive in any order: rows are found by key, whatever the number of records.

A page is asked for by the row it begins behind, so that the millionth costs what the first does.
A search in another order than that of arrival is answered in one of three ways, by how many
records it finds: few are sorted; of many, the order is walked along and each row looked for in
the search, one by one or, where a word is too long for that, all at once.
"""

from __future__ import annotations

import sqlite3
from enum import Enum
from typing import NamedTuple

from pith_tui.sources import indexing
from pith_tui.sources.archive import Item, items_at
from pith_tui.sources.cache import Cache
from pith_tui.sources.query import Query

_FEW = 15_000
"""So many matches are sorted in a moment: a microsecond each."""
_DENSE = 0.2
"""From this share of matches on, rows are looked for in the search one by one."""
_MOST_STEPS = 200_000
"""Where so many rows of an order hold no page of matches, all matches are sorted after all."""


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


class Place(NamedTuple):
    """Where a row stands: its key in the order, and its number, which decides among equals."""

    key: str | int
    number: int


class Window(NamedTuple):
    """What is asked for: so many rows next to a place, None for the edge, on one side of it.

    ``backward`` rows come before the place, as shown; the page is in order either way.
    """

    place: Place | None
    backward: bool
    size: int


class Placed(NamedTuple):
    """A record of a page, and where it stands."""

    place: Place
    item: Item


def page(cache: Cache, query: Query, sorting: Sorting, window: Window) -> list[Placed]:
    """Give a page of what a search finds.

    An order whose columns are not there yet (see backlog.py) is that of arrival.  Raises
    CacheError, also where another thread interrupted it.
    """
    with cache.reading() as connection:
        state = indexing.state_of(connection)
        if sorting.order.needs_columns and not state.sortable:
            sorting = sorting._replace(order=Order.ARRIVAL)
        found = _Search(connection, query, sorting, window, state).rows()
    if window.backward:
        found.reverse()
    items = {item.number: item for item in items_at(cache, [number for number, _ in found])}
    return [Placed(Place(key, number), items[number]) for number, key in found if number in items]


_Row = tuple[int, str | int]
_Values = list[str | int]


class _Search:
    """One page being looked for."""

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
        self._index = state.table
        self._sortable = state.sortable

    def rows(self) -> list[_Row]:
        """Give numbers and keys, in the direction in which they are walked."""
        if self._query.match is None:
            return self._without_words()
        matches, share = self._estimate(self._query.match)
        if self._order is Order.ARRIVAL and not (self._query.has_years and matches >= _FEW):
            return self._by_arrival(self._query.match)
        if matches < _FEW:
            return self._sorted(self._query.match)
        return self._walked(self._query.match, share)

    # Without words

    def _without_words(self) -> list[_Row]:
        if self._query.has_years and self._sortable and self._few_in_these_years():
            low, high = self._moments()
            bound, values = self._beyond()
            return self._fetch(
                f"SELECT r.id, {self._order.column} FROM record r INDEXED BY record_by_submission"
                f" WHERE r.sort_submitted BETWEEN ? AND ?{bound} {self._sort_clause}"
                f" LIMIT {self._window.size}",
                [low, high, *values],
            )
        sql, values = self._along(self._window.size)
        return self._fetch(sql, values)

    def _few_in_these_years(self) -> bool:
        found = self._connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM record r WHERE r.sort_submitted BETWEEN ? AND ?"
            f" LIMIT {_FEW})",
            self._moments(),
        ).fetchone()
        return int(found[0]) < _FEW

    def _moments(self) -> tuple[int, int]:
        first, last = self._query.first_year or 0, self._query.last_year
        return first * 10**10, ((9999 if last is None else last) + 1) * 10**10 - 1

    def _along(self, limit: int) -> tuple[str, _Values]:
        """Give SQL for the next so many rows along the order, restricted by years alone."""
        place, column = self._window.place, self._order.column
        index = f" INDEXED BY {self._order.index}" if self._order.index else ""
        head = f"SELECT r.id AS id, {column} AS key FROM record r{index} WHERE"
        years, values = self._query.years, self._query.year_values
        tail = f"{years} {self._sort_clause} LIMIT {limit}"
        if place is None:
            return f"{head} {column} IS NOT NULL{tail}", [*values]
        sign = "<" if self._down else ">"
        beyond = f"{head} {column} {sign} ?{tail}"
        if self._order is Order.ARRIVAL:
            return beyond, [place.number, *values]
        # Equal keys are a query of their own: only so does SQLite seek by the number as well.
        ties = f"{head} {column} = ? AND r.id {sign} ?{tail}"
        return (
            f"SELECT * FROM ({ties}) UNION ALL SELECT * FROM ({beyond}) LIMIT {limit}",
            [place.key, place.number, *values, place.key, *values],
        )

    # With words

    def _estimate(self, match: str) -> tuple[int, float]:
        """Count matches up to a few; with more, estimate their share of the records."""
        matches, first, last = self._connection.execute(
            "SELECT count(*), min(n), max(n) FROM (SELECT rowid AS n"
            f" FROM {self._index} WHERE {self._index} MATCH ? LIMIT {_FEW})",
            (match,),
        ).fetchone()
        return int(matches), matches / (last - first + 1) if matches else 0.0

    def _by_arrival(self, match: str) -> list[_Row]:
        place, sign = self._window.place, "<" if self._down else ">"
        bound = "" if place is None else f" AND s.rowid {sign} ?"
        values: _Values = [match, *([] if place is None else [place.number])]
        join = " CROSS JOIN record r ON r.id = s.rowid" if self._query.has_years else ""
        return self._fetch(
            f"SELECT s.rowid, s.rowid FROM {self._index} s{join} WHERE {self._index} MATCH ?"
            f"{bound}{self._query.years} ORDER BY s.rowid {'DESC' if self._down else 'ASC'}"
            f" LIMIT {self._window.size}",
            [*values, *self._query.year_values],
        )

    def _sorted(self, match: str) -> list[_Row]:
        bound, values = self._beyond()
        return self._fetch(
            f"SELECT r.id, {self._order.column} FROM {self._index} s CROSS JOIN record r"
            f" ON r.id = s.rowid WHERE {self._index} MATCH ?{self._query.years}{bound}"
            f" {self._sort_clause} LIMIT {self._window.size}",
            [match, *self._query.year_values, *values],
        )

    def _walked(self, match: str, share: float) -> list[_Row]:
        """Look at rows along the order, more each time, until a page of them matches."""
        steps = int(self._window.size / share * 1.5) + 50
        one_by_one = share >= _DENSE and self._query.is_short
        while steps < _MOST_STEPS:
            sql, values = self._along(steps)
            rows = self._fetch(sql, values)
            matching = self._matching(match, [number for number, _ in rows], one_by_one)
            found = [row for row in rows if row[0] in matching]
            if len(found) >= self._window.size or len(rows) < steps:
                return found[: self._window.size]
            steps, one_by_one = steps * 8, False
        return self._sorted(match)

    def _matching(self, match: str, numbers: list[int], one_by_one: bool) -> set[int]:
        """Give those of the numbers that the search finds."""
        listed = ",".join(map(str, numbers))
        # With the plus SQLite goes through all matches once, without it by number to each.
        plus = "" if one_by_one else "+"
        sql = (
            f"SELECT s.rowid, 0 FROM {self._index} s WHERE {self._index} MATCH ?"
            f" AND {plus}s.rowid IN ({listed})"
        )
        return {number for number, _ in self._fetch(sql, [match])}

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
