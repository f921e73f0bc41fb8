"""The receipt: is its kind known, which key does it name, and which key signed."""

from __future__ import annotations

from functools import lru_cache

from pith_tui.protocol.checks.context import CheckContext, CheckResult, Step, combine_parts, single
from pith_tui.protocol.keys import PINNED_KEYS, PublicKey
from pith_tui.protocol.report import AGREES, CONFLICT, FAILED, PASSED, UNDECIDED, Part, Reason
from pith_tui.protocol.spellings import fingerprint, is_nothing, kind
from pith_tui.protocol.strict_json import Path

_KNOWN = {
    "kind": "pith_receipt",
    "algorithm": "ed25519",
    "signed_message": "canonical_sha256_bytes",
}
"""What a receipt states of itself, by the one rule that is known (docs/protocol.md, Receipt)."""
_IN_ANY_CASE = ("kind", "algorithm")
_Keys = tuple[PublicKey, ...]
_PINNED_KEYS = frozenset(pinned.raw for pinned in PINNED_KEYS)
_PINNED_IDS = frozenset(pinned.key_id for pinned in PINNED_KEYS)


def receipt_kind(context: CheckContext) -> CheckResult:
    """Check what is signed and how; what a receipt does not state is taken as the known rule."""
    receipt, parent = context.receipt, context.receipt_path
    parts = [
        _usual_kind_part(parent, name) if stated == known else _kind_part(parent, name, stated)
        for name, known in _KNOWN.items()
        if not is_nothing(stated := receipt.get(name))
    ]
    return combine_parts(parts)


# Receipts are alike: a part that many records share is made once.
@lru_cache(maxsize=64)
def _usual_kind_part(parent: Path, name: str) -> Part:
    return _kind_part(parent, name, _KNOWN[name])


def _kind_part(parent: Path, name: str, stated: object) -> Part:
    path, known = (*parent, name), _KNOWN[name]
    values = (("stated", stated), ("known", known))
    if stated == known or (name in _IN_ANY_CASE and kind(stated) == known):
        return Part(path, PASSED, AGREES, values, (path,))
    return Part(path, UNDECIDED, Reason.RECEIPT_UNKNOWN, values)


def key(context: CheckContext) -> CheckResult:
    """Check the key's name and fingerprint against each other and against the key that signed."""
    by_name, by_fingerprint = _keys_of_name(context), _keys_of_fingerprint(context)
    named = _named_keys(context.trusted, by_name, by_fingerprint)
    context.names_trusted_key = bool(named)
    context.signer = _find_signer(context, named)
    parts = []
    for name, known in (("key_id", by_name), ("public_key_fingerprint", by_fingerprint)):
        stated = context.receipt.get(name)
        if not is_nothing(stated):
            path = (*context.receipt_path, name)
            parts.append(_key_part(path, stated, context.signer, known, named))
    return combine_parts(parts)


def _keys_of_name(context: CheckContext) -> _Keys:
    """Return the trusted keys with the id that the receipt states."""
    stated = context.receipt.get("key_id")
    return tuple([trusted for trusted in context.trusted if trusted.key_id == stated])


def _keys_of_fingerprint(context: CheckContext) -> _Keys:
    """Return the trusted keys with the fingerprint that the receipt states."""
    stated = fingerprint(context.receipt.get("public_key_fingerprint"))
    if stated is None:
        return ()
    return tuple([trusted for trusted in context.trusted if trusted.has_fingerprint(stated)])


# What follows of the keys alone is worked out once for all records that name the same ones.
@lru_cache(maxsize=64)
def _named_keys(trusted: _Keys, by_name: _Keys, by_fingerprint: _Keys) -> _Keys:
    """Return the trusted keys that a receipt names, by an id or by a fingerprint.

    A user key with the id of a pinned key is named only by its fingerprint.
    """
    return tuple(
        candidate
        for candidate in trusted
        if candidate in by_fingerprint
        or (candidate in by_name and (_is_pinned(candidate) or candidate.key_id not in _PINNED_IDS))
    )


@lru_cache(maxsize=64)
def _keys_to_try(trusted: _Keys, named: _Keys) -> _Keys:
    """Return the keys to try, the named ones first: most records name the key that signed them.

    Pinned keys are always tried, a user key only if it is named and no pinned key is
    (docs/verdict.md, Which keys are tried).
    """
    names_pinned = any(map(_is_pinned, named))
    allowed = [key for key in named if not names_pinned or _is_pinned(key)]
    pinned = (key for key in trusted if _is_pinned(key))
    return (*allowed, *(key for key in pinned if key not in allowed))


def _is_pinned(candidate: PublicKey) -> bool:
    return candidate.raw in _PINNED_KEYS


def _key_part(
    path: Path, stated: object, signer: PublicKey | None, known: _Keys, named: _Keys
) -> Part:
    """Judge a name or fingerprint that the keys ``known`` have, where the receipt names others."""
    by_name = path[-1] == "key_id"
    expected = signer or next(iter((*known, *named)), None)
    values: tuple[tuple[str, object], ...] = (("stated", stated),)
    if expected is not None:
        values = (*values, ("key", expected.key_id if by_name else expected.fingerprint))
    if not by_name and fingerprint(stated) is None:
        return Part(path, UNDECIDED, Reason.UNREADABLE, values)
    if signer is not None:
        if signer in known:
            return Part(path, PASSED, AGREES, values, (path,))
        return Part(path, CONFLICT, Reason.KEY_DISAGREES, values)
    if not named:
        return Part(path, UNDECIDED, Reason.KEY_UNKNOWN, values)
    if all(candidate in known for candidate in named):
        return Part(path, PASSED, AGREES, values)
    return Part(path, CONFLICT, Reason.KEY_DISAGREES, values)


def _find_signer(context: CheckContext, named: _Keys) -> PublicKey | None:
    message, signature = context.effective_digest, context.signature
    if message is None or signature is None:
        return None
    if context.outcomes["receipt"] is UNDECIDED:
        return None
    for candidate in _keys_to_try(context.trusted, named):
        if candidate.has_signed(message, signature):
            return candidate
    return None


def signature(context: CheckContext) -> CheckResult:
    """Check Ed25519 over the 32 bytes of the digest recomputed here.

    Where there is no canonical record the stated digest is tried, which shows only that the key
    signed that digest: nothing is marked as signed then.
    """
    path = (*context.receipt_path, "signature_b64")
    stated = context.receipt.get("signature_b64")
    message = context.effective_digest
    values: tuple[tuple[str, object], ...] = (("signature", stated),)
    if is_nothing(stated):
        return single(Part(path, UNDECIDED, Reason.NO_SIGNATURE))
    if context.outcomes["receipt"] is UNDECIDED:
        return single(Part(path, UNDECIDED, Reason.RECEIPT_UNKNOWN, values))
    if message is None:
        return single(Part(path, UNDECIDED, Reason.NO_DIGEST, values))
    values = (*values, ("over digest", message.hex()))
    if context.signature is None:
        return single(Part(path, UNDECIDED, Reason.UNREADABLE, values))
    if context.signer is not None:
        reason = Reason.SIGNED if context.digest is not None else Reason.SIGNED_STATED_DIGEST
        return single(Part(path, PASSED, reason, values, (path,)))
    if context.names_trusted_key:
        return single(Part(path, FAILED, Reason.NOT_SIGNED_BY_KEY, values))
    return single(Part(path, UNDECIDED, Reason.NO_TRUSTED_KEY, values))


STEPS = (
    Step("receipt", False, receipt_kind),
    Step("key", False, key),
    Step("signature", True, signature),
)
