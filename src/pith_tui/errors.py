"""The families of error a person can meet; they share nothing below the root.

A failed verification is not among them: it is a report, not an error.
"""


class PithError(Exception):
    """The root: what happened, to what, and what to do next.

    ``str(error)`` says what happened and to what; ``hint`` says what to do next and may be
    empty. Neither has been made safe for a terminal: the code that prints them does that.
    ``code`` names the family for scripts (docs/json.md).
    """

    code = "error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(PithError):
    """What was asked for is no identifier, file or option that this program knows."""

    code = "usage"


class NotARecordError(PithError):
    """The bytes are not a record: not a JSON object, or an object without any member of one.

    ``place`` names where the fault is: a path such as ``$.paper.title`` or ``line 3 column 7``;
    empty where it is the whole.
    """

    code = "not_a_record"

    def __init__(self, reason: str, place: str = "", hint: str = "") -> None:
        super().__init__(f"{reason} (at {place})" if place else reason, hint)
        self.reason = reason
        self.place = place


class TooLargeError(NotARecordError):
    """The bytes exceed the limits of what is read, so nothing is known about them."""

    code = "too_large"


class TwoReadingsError(NotARecordError):
    """The bytes are one object that two readers would read differently: verification fails."""


class NotFoundError(PithError):
    """No source that was asked holds the record."""

    code = "not_found"


class UnreachableError(PithError):
    """A source could not be asked: no network, no response in time, or an unusable response."""

    code = "unreachable"


class CacheError(PithError):
    """The local cache could not be read or written."""

    code = "cache"
