"""Texts of checks: names, sentences, and what the two values of a comparison are.

Sentences may quote the record: the code that shows one makes it safe.
"""

from __future__ import annotations

from pith_tui.output.labels import path_label, value_label
from pith_tui.protocol.report import Check, Outcome, Part, Reason, Report
from pith_tui.protocol.spellings import ascii_lower
from pith_tui.protocol.strict_json import Path
from pith_tui.protocol.verification import CHECK_IDS

CHECK_NAMES = {
    "record": "Record",
    "asked": "Asked for",
    "digest": "Digest",
    "copies": "Digest's copies",
    "number": "Pith Number",
    "year": "Year",
    "receipt": "Receipt's kind",
    "key": "Key",
    "signature": "Signature",
    "title": "Title",
    "abstract": "Abstract",
    "paper": "Paper and source",
    "aliases": "Aliases",
    "snapshots": "Snapshot hashes",
    "status": "Service's status",
    "graph": "Graph's copies",
}
"""The name of every check by its id."""

_SENTENCES: dict[tuple[str, Reason], str] = {
    ("record", Reason.READ): "The bytes are one JSON record with one reading.",
    ("record", Reason.BYTE_ORDER_MARK): "The bytes are one JSON record; a byte order mark before "
    "it was ignored.",
    ("record", Reason.NO_RULE): "The record is of a type that this program does not know.",
    ("record", Reason.TWO_READINGS): "Two readers would read these bytes differently: they are "
    "not UTF-8, or a name occurs twice in one object.",
    ("record", Reason.NOT_A_RECORD): "The bytes are not a record.",
    ("record", Reason.TOO_LARGE): "The bytes exceed the limits of what is checked.",
    ("asked", Reason.NOBODY_ASKED): "No identifier was asked for, so any record is accepted.",
    ("asked", Reason.AGREES): "It is the record that was asked for.",
    (
        "asked",
        Reason.BEGINS_SO,
    ): "Its number begins with the short form asked for; a short form is a search key and can "
    "fit other records too.",
    ("asked", Reason.OTHER_NUMBER): "This is another record than the one asked for.",
    ("asked", Reason.OTHER_WORK): "This is the record of another work than the one asked for.",
    ("asked", Reason.OTHER_VERSION): "It is the right work in another version than the one asked "
    "for.",
    ("asked", Reason.BY_STATEMENT): "The record says it is the one asked for; without its "
    "canonical record that cannot be recomputed.",
    ("asked", Reason.NOT_DERIVABLE): "What was asked for does not follow from anything signed, so "
    "nothing ties this record to it.",
    ("asked", Reason.NO_DIGEST): "The record has no digest to derive its number from.",
    ("digest", Reason.AGREES): "The digest recomputed here is the one stated.",
    ("digest", Reason.NOT_STATED): "The record states no digest; the recomputed one is used.",
    ("digest", Reason.DIFFERS): "The canonical record is not the one that the stated digest was "
    "computed from.",
    ("digest", Reason.UNREADABLE): "The stated digest is not a SHA-256 in hex.",
    ("digest", Reason.NO_CANONICAL_RECORD): "The record comes without its canonical record, so its "
    "digest cannot be recomputed.",
    (
        "digest",
        Reason.NOT_CANONICAL,
    ): "The canonical record contains a number or a text that RFC 8785 "
    "cannot serialise, so it has no digest.",
    ("copies", Reason.AGREES): "Every copy of the digest agrees.",
    ("number", Reason.AGREES): "The number is derived from the digest.",
    ("number", Reason.NOT_STATED): "The record states no Pith Number.",
    ("number", Reason.UNREADABLE): "The stated Pith Number cannot be read as one.",
    ("year", Reason.AGREES): "The number's year is that of the submission.",
    ("year", Reason.DIFFERS): "The number's year is not that of the submission.",
    ("year", Reason.NOT_SIGNED): "There is no signed time of submission to compare the year with.",
    ("year", Reason.NOT_STATED): "The number has no year.",
    ("receipt", Reason.AGREES): "Ed25519 over the 32 bytes of the digest: the rule this program "
    "knows.",
    ("receipt", Reason.NOT_STATED): "The receipt does not say what it signs or how.",
    ("key", Reason.NOT_STATED): "The receipt names no key.",
    ("key", Reason.KEY_UNKNOWN): "The receipt names a key that is not trusted here.",
    ("key", Reason.UNREADABLE): "The stated fingerprint cannot be read as one.",
    ("signature", Reason.NO_SIGNATURE): "The record carries no signature.",
    ("signature", Reason.RECEIPT_UNKNOWN): "Not tried: the kind of receipt is not known.",
    ("signature", Reason.NO_DIGEST): "Not tried: there is no digest.",
    ("signature", Reason.UNREADABLE): "The signature is not 64 bytes in strict base64.",
    ("signature", Reason.NOT_SIGNED_BY_KEY): "The key that the receipt names did not sign this "
    "digest.",
    ("signature", Reason.NO_TRUSTED_KEY): "No trusted key signed this digest, and the receipt "
    "names no key.",
    ("title", Reason.HASH_AGREES): "The title shown has the signed hash (letter case and white "
    "space are not covered).",
    ("title", Reason.CASE_OF_MATHEMATICS): "The title shown has the signed hash, which does not "
    "cover letter case, not even in its formulas.",
    ("title", Reason.HASH_AGREES_OTHERWISE): "The title has the signed hash in another spelling, "
    "which is shown in its place.",
    ("title", Reason.HASH_DIFFERS): "The title shown is not the one that was signed.",
    (
        "title",
        Reason.LONE_SURROGATE,
    ): "The title shown contains an unpaired surrogate, so it cannot be the one that was signed.",
    ("abstract", Reason.HASH_AGREES): "The abstract shown is whole and has the signed hash.",
    ("abstract", Reason.HASH_AGREES_OTHERWISE): "The abstract has the signed hash in another "
    "spelling.",
    ("abstract", Reason.EXCERPT): "The excerpt is cut; the signed hash is over the whole abstract.",
    ("abstract", Reason.HASH_DIFFERS): "The excerpt does not have the signed hash: it may be cut.",
    ("paper", Reason.AGREES): "Every value shown that is also signed is the signed one.",
    ("paper", Reason.NOT_STATED): "The record shows none of the signed values.",
    ("aliases", Reason.AGREES): "Every alias names this record.",
    ("aliases", Reason.NOT_STATED): "The record lists no aliases.",
    ("snapshots", Reason.HASH_AGREES): "Every section has the hash that is stated for it.",
    ("snapshots", Reason.NOT_STATED): "The graph snapshot states no hashes.",
    ("status", Reason.AGREES): "What the service says of the record is what was found here.",
    ("status", Reason.NOT_STATED): "The service states nothing that could be recomputed here.",
    ("graph", Reason.AGREES): "The graph's copies are what is signed, and the record's own.",
    ("graph", Reason.NOT_STATED): "The record carries no graph snapshot to compare.",
    ("graph", Reason.OTHER_VERSION): "The graph is of another version of this work.",
    ("graph", Reason.OTHER_WORK): "The graph is of another work.",
}
"""What a check means, by the reason that decided it."""

_BEFORE_PARTS: dict[tuple[str, Reason], str] = {
    ("copies", Reason.DIFFERS): "A copy is of another digest",
    ("number", Reason.DIFFERS): "Not derived from the digest",
    ("receipt", Reason.RECEIPT_UNKNOWN): "The receipt follows a rule this program does not know",
    ("key", Reason.KEY_DISAGREES): "The key's name and fingerprint disagree, with each other or "
    "with the key that signed",
    ("snapshots", Reason.HASH_DIFFERS): "A section has another hash than is stated for it",
    ("status", Reason.MORE_SAID): "The service says more than was found here",
}
"""The beginning of a sentence that goes on with the parts that decided."""

_REASONS: dict[Reason, str] = {
    Reason.AGREES: "",
    Reason.HASH_AGREES: "",
    Reason.CASE_OF_MATHEMATICS: "letter case in formulas is not covered",
    Reason.HASH_AGREES_OTHERWISE: "in another spelling",
    Reason.HASH_DIFFERS: "another hash",
    Reason.DIFFERS: "differs",
    Reason.NOT_SHOWN: "nothing is shown",
    Reason.NOT_STATED: "not stated",
    Reason.UNREADABLE: "cannot be read",
    Reason.NOT_SIGNED: "no signed value to compare with",
    Reason.NOT_IN_RESPONSE: "not in this response",
    Reason.OTHER_WORK: "names another work",
    Reason.OTHER_VERSION: "another version of this work",
    Reason.OTHER_NUMBER: "another number",
    Reason.OTHER_DOI: "a DOI that does not follow from what is signed",
    Reason.NO_RULE: "no rule is known for it",
    Reason.NEWER_RULES: "the rules are newer than this program",
    Reason.NO_DIGEST: "there is no digest",
    Reason.NOT_CANONICAL: "cannot be serialised by RFC 8785",
    Reason.NOT_WHOLE: "the record prints only a part of it",
    Reason.MORE_SAID: "the service says more",
    Reason.LESS_SAID: "the service says less",
    Reason.EXCERPT: "cut",
    Reason.LONE_SURROGATE: "contains an unpaired surrogate",
    Reason.KEY_UNKNOWN: "not trusted here",
    Reason.KEY_DISAGREES: "not the key that signed",
    Reason.RECEIPT_UNKNOWN: "not known",
}
"""What a part's reason means beside its values."""

_GENERAL = {
    Outcome.PASSED: "Everything agrees.",
    Outcome.ABSENT: "The record has nothing to check.",
}
_GENERAL_BEFORE_PARTS = {
    Outcome.FAILED: "Not what is signed",
    Outcome.CONFLICT: "Claimed differently in two places",
    Outcome.UNDECIDED: "Cannot be decided for",
}
_ALIAS_KINDS = frozenset({"arxiv", "arxiv_version", "doi"})
_SHORT_VALUES = 3
"""Parts that a sentence names; the rest is counted."""


def check_name(check: Check) -> str:
    """Return a check's number and name: ``9 Signature``."""
    return numbered_name(check.id)


def numbered_name(check_id: str) -> str:
    """Return the number and name of the check with an id."""
    return f"{check_number(check_id)} {CHECK_NAMES[check_id]}"


def check_number(check_id: str) -> int:
    """Return the place of a check among all, from 1."""
    return CHECK_IDS.index(check_id) + 1


def unreadable_text(report: Report) -> str:
    """Describe in a few words why bytes could not be read as one record."""
    return _UNREADABLE.get(report.check("record").reason, "These bytes are not a record")


_UNREADABLE = {
    Reason.TWO_READINGS: "These bytes have two readings",
    Reason.TOO_LARGE: "These bytes are too large to check",
}


def check_sentence(check: Check, report: Report | None = None) -> str:
    """Describe what a check found, in a sentence; ``report`` lets it name the key that signed."""
    if check.reason is Reason.NEWER_RULES:
        return "The signed schema version is newer than the rules that this program knows."
    if check.reason is Reason.NOT_TRIED:
        return "Not tried: the bytes cannot be read as one record."
    if check.id in ("key", "signature") and check.outcome is Outcome.PASSED:
        return _signed_by(check, report)
    whole, start = _usual_sentence(check)
    if whole is None and start is None:
        whole, start = _GENERAL.get(check.outcome), _GENERAL_BEFORE_PARTS.get(check.outcome)
    return f"{start}: {_named(check)}." if whole is None else whole


def _usual_sentence(check: Check) -> tuple[str | None, str | None]:
    """Return the sentence for a check and its reason, or its beginning; None for what is not."""
    is_part_undecided = check.outcome is Outcome.UNDECIDED and check.id != "year"
    if is_part_undecided and check.reason in (Reason.NOT_SIGNED, Reason.AGREES):
        return None, None
    key = (check.id, check.reason)
    return _SENTENCES.get(key), _BEFORE_PARTS.get(key)


def _signed_by(check: Check, report: Report | None) -> str:
    signer = None if report is None else report.signer
    if check.id == "key":
        if signer is None:
            return "The receipt names a trusted key."
        return f"The receipt names the key that signed, {signer.key_id}."
    name = "A trusted key" if signer is None else signer.key_id
    if check.reason is Reason.SIGNED_STATED_DIGEST:
        return f"{name} signed the digest stated; what that digest covers is not in the record."
    return f"{name} signed the digest of this canonical record."


def _named(check: Check) -> str:
    labels = [part_label(part) for part in check.deciding]
    labels = list(dict.fromkeys(labels))
    more = len(labels) - _SHORT_VALUES
    shown = ", ".join(labels[:_SHORT_VALUES])
    return f"{shown} and {more} more" if more > 0 else shown


def part_label(part: Part) -> str:
    """Name the value that a part judged: ``paper.license``, ``alias 3 (doi)``.

    An alias is called by its kind only where that is a known one: the rest is record text.
    """
    path = part.path
    if not path:
        return "record"
    if path[0] in ("aliases", "source_aliases") and isinstance(path[1], int):
        kind = ascii_lower(str(dict(part.values).get("kind", "")))
        known = kind in _ALIAS_KINDS or kind.startswith("pith_short_")
        return f"alias {path[1] + 1} ({kind})" if known else f"alias {path[1] + 1}"
    return place_label(path)


def place_label(path: Path) -> str:
    """Name a place of the record in short: ``paper.license``, ``graph: paper.license``."""
    if path[0] == "graph_snapshot" and len(path) > 1:
        return f"graph: {path_label(path[1:]).removesuffix('.snapshot_sha256')}"
    return path_label(path[1:] if path[0] == "verification_status" and len(path) > 1 else path)


def value_text(value: object) -> str:
    """Format a value of a comparison in one line: raw text, to be made safe where it is shown."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value or "(empty)"
    if isinstance(value, list):
        return ", ".join(map(value_text, value)) or "(empty list)"
    if isinstance(value, dict):
        return f"an object with {len(value)} members"
    return str(value)


def part_text(part: Part) -> str:
    """Describe what a part compared: its one value where it passed, else each by what it is."""
    values = [(name, value) for name, value in part.values if name != "kind"]
    if part.outcome is Outcome.PASSED and values:
        shown = [value for name, value in values if name not in ("signed", "known")]
        text = _among_words(shown[0] if shown else values[0][1])
    else:
        text = " · ".join(f"{name} {_among_words(value)}" for name, value in values)
    why = part_reason(part)
    if not why:
        return text
    return f"{text} ({why})" if text else why


def _among_words(value: object) -> str:
    """Format a value that stands among words of the program, texts of the record in quotes."""
    if isinstance(value, str) and value:
        return value_label(value)
    if isinstance(value, list) and value:
        return ", ".join(map(_among_words, value))
    return value_text(value)


def part_reason(part: Part) -> str:
    """Describe why a part ended as it did, in a few words; empty where it simply agrees."""
    return _REASONS.get(part.reason, part.reason.value)
