"""A tolerant reader of BibTeX: one bad entry costs one entry, never the file.

It is written here since the parsers on PyPI do not fit a check that must account for every entry:
bibtexparser 1 drops a second entry of the same key silently, pybtex refuses the whole file for
it, and others make the field after a missing comma part of the value before.  They also take
longer to import than this takes to read a file.

The grammar is BibTeX's own: ``@word{`` or ``@word(`` begins an entry, whatever stands between
entries is a comment, a backslash escapes no brace, ``%`` is no comment within a value.  An
entry ends, at the latest, before the next line that begins ``@word{``; a missing brace cannot
take in the entry after it.  White space in a value is compressed, as BibTeX does.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from pith_tui.operations.bibliography.braces import brace_partners
from pith_tui.operations.bibliography.entries import (
    Bibliography,
    Entry,
    Field,
    Problem,
    ProblemKind,
    duplicate_keys,
)
from pith_tui.operations.bibliography.source_text import LineNumbers

MAX_VALUE = 100_000
"""Characters of a field's value: ``@string`` definitions can double a value at each step."""

_START = re.compile(r"(?<![\w.\\])@\s*([A-Za-z]+)\s*([{(])", re.ASCII)
_LINE_START = re.compile(r"^[ \t]*(@[ \t]*[A-Za-z]+[ \t]*[{(])", re.ASCII | re.MULTILINE)
_KEY = re.compile(r"\s*([^,={}\n]*)")
_NAME = re.compile(r"([A-Za-z][\w:+./-]*)\s*=\s*", re.ASCII)
_FIELD_ON_LINE = re.compile(r"^[ \t,]*([A-Za-z][\w:+./-]*[ \t]*=[ \t]*[{\"\w])", re.MULTILINE)
_BETWEEN = re.compile(r"(?:[\s,]|%[^\n]*(?:\n|\Z))*")
_WORD = re.compile(r"[^\s,{}\"#=()]+")
_CONCATENATION = re.compile(r"\s*#\s*")
_SPACE = re.compile(r"\s*")
_QUOTED = re.compile(r"[\"{}]")
_RUN_ON = re.compile(r"\n\s*[A-Za-z][\w-]*\s*=\s*\Z")  # a quotation mark missed: the next opened
_MONTHS = {name: name for name in "jan feb mar apr may jun jul aug sep oct nov dec".split()}


def read_bibtex(text: str) -> Bibliography:
    """Read every entry of a BibTeX file, its lines ended by ``\\n``."""
    return _Reader(text).read()


class _EndOfValueError(Exception):
    """A value has no end within its entry, or none that is believable."""


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._partners = brace_partners(text)
        self._lines = LineNumbers(text)
        self._boundaries = [start.start(1) for start in _LINE_START.finditer(text)]
        self._macros = dict(_MONTHS)
        self._problems: list[Problem] = []

    def read(self) -> Bibliography:
        entries: list[Entry] = []
        position = 0
        while start := _START.search(self._text, position):
            word = start.group(1).lower()
            if word == "comment":
                position = self._skip_comment(start)
                continue
            entry, position = _EntryReader(self, start).read()
            if word == "string":
                self._define(entry)
            elif word != "preamble":
                entries.append(entry)
        self._problems += duplicate_keys(entries)
        return Bibliography(tuple(entries), tuple(sorted(self._problems, key=lambda p: p.line)))

    def _skip_comment(self, start: re.Match[str]) -> int:
        """Return where reading continues; entries within braces are skipped, and reported."""
        end = self._partners.get(start.end() - 1) if start.group(2) == "{" else None
        if end is None:
            return start.end()
        if self.boundary_after(start.end()) < end:
            self._problems.append(
                Problem(
                    self.line(start.start()),
                    ProblemKind.COMMENTED_OUT,
                    other_line=self.line(end),
                )
            )
        return end + 1

    def _define(self, definition: Entry) -> None:
        self._problems += definition.problems
        for field in definition.fields:
            self._macros[field.name] = field.value

    def boundary_after(self, position: int) -> int:
        """Return where the next line begins that must be another entry, or the text's end."""
        index = bisect_right(self._boundaries, position)
        return self._boundaries[index] if index < len(self._boundaries) else len(self._text)

    def line(self, position: int) -> int:
        return self._lines.line_of(position)

    @property
    def text(self) -> str:
        return self._text

    def partner(self, position: int, limit: int) -> int:
        """Return the closing brace of one; raises _EndOfValueError if it has none before limit."""
        end = self._partners.get(position)
        if end is None or end >= limit:
            raise _EndOfValueError
        return end

    def expand(self, word: str) -> str:
        """Return the text of a macro; a number, or a macro without definition, is itself."""
        return self._macros.get(word.lower(), word)


class _EntryReader:
    """Reads one entry, from its ``@`` on."""

    def __init__(self, reader: _Reader, start: re.Match[str]) -> None:
        self._reader = reader
        self._text = reader.text
        self._start = start.start()
        self._kind = start.group(1).lower()
        self._closing = "}" if start.group(2) == "{" else ")"
        self._position = start.end()
        self._limit = reader.boundary_after(start.start())
        self._fields: list[Field] = []
        self._lines_of: dict[str, int] = {}
        self._problems: list[Problem] = []
        # Where the entry's own brace has no partner, a value that seems to hold fields lacks one.
        self._is_balanced = self._closing == ")" or self._closes(start.end() - 1)

    def _closes(self, position: int) -> bool:
        try:
            self._reader.partner(position, self._limit)
        except _EndOfValueError:
            return False
        return True

    def read(self) -> tuple[Entry, int]:
        """Return the entry and where reading continues."""
        key = "" if self._kind in ("string", "preamble") else self._read_key()
        if self._kind == "preamble":
            self._read_preamble()
        while self._next_field():
            pass
        source = self._text[self._start : self._position].rstrip()
        line = self._reader.line(self._start)
        entry = Entry(key, line, self._kind, tuple(self._fields), source, tuple(self._problems))
        return entry, self._position

    def _report(self, kind: ProblemKind, position: int, subject: str = "") -> None:
        problem = Problem(self._reader.line(position), kind, subject)
        if problem not in self._problems[-3:]:
            self._problems.append(problem)

    def _read_key(self) -> str:
        key = _KEY.match(self._text, self._position, self._limit)
        if key is None:  # the pattern matches the empty text, too
            return ""
        written = key.group(1).strip().rstrip(")" if self._closing == ")" else "")
        if not self._text.startswith("=", key.end()):
            self._position = key.end() - (1 if key.group(1).rstrip().endswith(")") else 0)
            if not written:
                self._report(ProblemKind.MISSING_KEY, self._start)
            self._expect_comma()
            return written
        parts = written.split()
        self._position = key.start(1) + key.group(1).rfind(parts[-1]) if parts else key.end()
        self._report(
            ProblemKind.MISSING_COMMA if parts[1:] else ProblemKind.MISSING_KEY,
            self._position,
            parts[-1] if parts[1:] else "",
        )
        return " ".join(parts[:-1])

    def _read_preamble(self) -> None:
        try:
            self._read_value()
        except _EndOfValueError:
            self._report(ProblemKind.UNBALANCED, self._start)

    def _next_field(self) -> bool:
        """Read one field; return whether there may be another."""
        between = _BETWEEN.match(self._text, self._position, self._limit)
        self._position = between.end() if between else self._position
        if self._position >= self._limit:
            self._report(ProblemKind.UNBALANCED, self._start)
            return False
        if self._text[self._position] == self._closing:
            return self._close()
        name = _NAME.match(self._text, self._position, self._limit)
        if name is None:
            return self._skip_malformed()
        self._read_field(name)
        return True

    def _close(self) -> bool:
        """Leave the entry, unless fields follow: then a brace too many stood in it."""
        end = self._position
        self._position += 1
        after = _SPACE.match(self._text, self._position, self._limit)
        comma = after.end() if after else self._position
        if self._closing != "}" or not self._text.startswith(",", comma):
            return False
        following = _SPACE.match(self._text, comma + 1, self._limit)
        if following is None or not _NAME.match(self._text, following.end(), self._limit):
            return False
        self._report(ProblemKind.UNBALANCED, end)
        self._position = following.end()
        return True

    def _read_field(self, name: re.Match[str]) -> None:
        label, begin = name.group(1).lower(), name.start()
        self._position = name.end()
        try:
            value = self._read_value()
        except _EndOfValueError:
            self._report(ProblemKind.UNBALANCED, begin, label)
            self._resume(name.end())
            return
        line = self._reader.line(begin)
        if len(value) > MAX_VALUE:
            self._report(ProblemKind.TOO_LONG, begin, label)
        else:
            span = (name.end(), self._position)
            self._fields.append(Field(label, " ".join(value.split()), line, span))
        first = self._lines_of.setdefault(label, begin)
        if first != begin:
            first_line = self._reader.line(first)
            self._problems.append(Problem(line, ProblemKind.REPEATED_FIELD, label, first_line))
        self._expect_comma()

    def _expect_comma(self) -> None:
        space = _SPACE.match(self._text, self._position, self._limit)
        after = space.end() if space else self._position
        name = _NAME.match(self._text, after, self._limit)
        if name is not None:
            self._report(ProblemKind.MISSING_COMMA, after, name.group(1).lower())

    def _skip_malformed(self) -> bool:
        begin = self._position
        line_end = self._text.find("\n", begin, min(begin + 40, self._limit))
        shown = self._text[begin : line_end if line_end >= 0 else min(begin + 40, self._limit)]
        self._report(ProblemKind.MALFORMED, begin, shown.strip())
        return self._resume(begin + 1)

    def _resume(self, position: int) -> bool:
        """Go to the next line that begins a field, or else to the entry's end."""
        following = _FIELD_ON_LINE.search(self._text, position, self._limit)
        own_end = self._reader_end()
        if following is not None and following.start(1) < own_end:
            self._position = following.start(1)
            return True
        self._position = own_end
        return own_end < self._limit

    def _reader_end(self) -> int:
        brace = self._text.find("{", self._start)
        if self._closing == "}" and self._is_balanced and brace >= 0:
            end = self._reader.partner(brace, self._limit)
            if end >= self._position:
                return end
        return self._limit

    def _read_value(self) -> str:
        """Read pieces joined by ``#``; raises _EndOfValueError if one of them has no end."""
        pieces = [self._read_piece()]
        length = len(pieces[0])
        while joined := _CONCATENATION.match(self._text, self._position, self._limit):
            self._position = joined.end()
            piece = self._read_piece()
            if length <= MAX_VALUE:  # what is longer is left out: its length alone matters
                pieces.append(piece)
                length += len(piece)
        return "".join(pieces)

    def _read_piece(self) -> str:
        space = _SPACE.match(self._text, self._position, self._limit)
        begin = space.end() if space else self._position
        if begin < self._limit and self._text[begin] == "{":
            return self._take(begin, self._reader.partner(begin, self._limit))
        if begin < self._limit and self._text[begin] == '"':
            return self._take(begin, self._quote_end(begin))
        word = _WORD.match(self._text, begin, self._limit)
        if word is None:
            return ""
        self._position = word.end()
        return self._reader.expand(word.group())

    def _take(self, begin: int, end: int) -> str:
        value = self._text[begin + 1 : end]
        second_line = value.find("\n") + 1 or len(value)
        if not self._is_balanced and _FIELD_ON_LINE.search(value, second_line):
            raise _EndOfValueError
        if self._text[begin] == '"' and _RUN_ON.search(value[-200:]):
            raise _EndOfValueError
        self._position = end + 1
        return value

    def _quote_end(self, begin: int) -> int:
        """Return where a quoted value ends: at the next quotation mark outside braces."""
        position = begin + 1
        while mark := _QUOTED.search(self._text, position, self._limit):
            if mark.group() == '"':
                return mark.start()
            if mark.group() == "}":
                break
            position = self._reader.partner(mark.start(), self._limit) + 1
        raise _EndOfValueError
