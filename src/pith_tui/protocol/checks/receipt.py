"""The receipt: is its kind known, which key does it name, and which key signed."""

from __future__ import annotations

from pith_tui.protocol.checks.context import CheckContext, CheckResult, combine_parts, single
from pith_tui.protocol.keys import PROGRAM_KEYS, PublicKey, decode_base64
from pith_tui.protocol.report import Outcome, Part, Reason
from pith_tui.protocol.spellings import fingerprint, is_nothing, kind
from pith_tui.protocol.strict_json import Path

_KNOWN = {
    "kind": "pith_receipt",
    "algorithm": "ed25519",
    "signed_message": "canonical_sha256_bytes",
}
"""What a receipt states of itself, by the one rule that is known (docs/protocol.md, Receipt)."""
_IN_ANY_CASE = ("kind", "algorithm")


def receipt_kind(context: CheckContext) -> CheckResult:
    """Check what is signed and how; what a receipt does not state is taken as the known rule."""
    parts = []
    for name, known in _KNOWN.items():
        stated = context.receipt.get(name)
        if is_nothing(stated):
            continue
        path = (*context.receipt_path, name)
        values = (("stated", stated), ("known", known))
        if stated == known or (name in _IN_ANY_CASE and kind(stated) == known):
            parts.append(Part(path, Outcome.PASSED, Reason.AGREES, values, (path,)))
        else:
            parts.append(Part(path, Outcome.UNDECIDED, Reason.RECEIPT_UNKNOWN, values))
    return combine_parts(parts)


def key(context: CheckContext) -> CheckResult:
    """Check the key's name and fingerprint against each other and against the key that signed."""
    named = _named_keys(context)
    context.names_trusted_key = bool(named)
    signer = context.signer = _find_signer(context, named)
    parts = []
    for name in ("key_id", "public_key_fingerprint"):
        stated = context.receipt.get(name)
        if not is_nothing(stated):
            path = (*context.receipt_path, name)
            parts.append(_key_part(context, path, stated, signer, named))
    return combine_parts(parts)


def _key_part(
    context: CheckContext,
    path: Path,
    stated: object,
    signer: PublicKey | None,
    named: tuple[PublicKey, ...],
) -> Part:
    by_name = path[-1] == "key_id"
    known = [each for each in context.trusted if _is_named(each, stated, by_name=by_name)]
    expected = signer or (known[0] if known else (named[0] if named else None))
    values: tuple[tuple[str, object], ...] = (("stated", stated),)
    if expected is not None:
        values = (*values, ("key", expected.key_id if by_name else expected.fingerprint))
    if not by_name and fingerprint(stated) is None:
        return Part(path, Outcome.UNDECIDED, Reason.UNREADABLE, values)
    if signer is not None:
        if signer in known:
            return Part(path, Outcome.PASSED, Reason.AGREES, values, (path,))
        return Part(path, Outcome.CONFLICT, Reason.KEY_DISAGREES, values)
    if not named:
        return Part(path, Outcome.UNDECIDED, Reason.KEY_UNKNOWN, values)
    if all(each in known for each in named):
        return Part(path, Outcome.PASSED, Reason.AGREES, values)
    return Part(path, Outcome.CONFLICT, Reason.KEY_DISAGREES, values)


def _is_named(candidate: PublicKey, stated: object, *, by_name: bool) -> bool:
    if by_name:
        return stated == candidate.key_id
    read = fingerprint(stated)
    return read is not None and candidate.has_fingerprint(read)


def _named_keys(context: CheckContext) -> tuple[PublicKey, ...]:
    """Return the trusted keys that the receipt names by id or by fingerprint.

    A user's key that bears the id of a program's key counts as named by its fingerprint alone.
    """
    key_id = context.receipt.get("key_id")
    printed = context.receipt.get("public_key_fingerprint")
    program_ids = {each.key_id for each in PROGRAM_KEYS}
    return tuple(
        each
        for each in context.trusted
        if _is_named(each, printed, by_name=False)
        or (
            _is_named(each, key_id, by_name=True)
            and (_is_program_key(each) or each.key_id not in program_ids)
        )
    )


def _is_program_key(candidate: PublicKey) -> bool:
    return any(candidate.raw == each.raw for each in PROGRAM_KEYS)


def _keys_to_try(context: CheckContext, named: tuple[PublicKey, ...]) -> list[PublicKey]:
    """Return the keys that may be tried: the program's always, a user's only where it is named
    and no key of the program is."""
    program = [each for each in context.trusted if _is_program_key(each)]
    if any(map(_is_program_key, named)):
        return program
    return program + [each for each in named if not _is_program_key(each)]


def _find_signer(context: CheckContext, named: tuple[PublicKey, ...]) -> PublicKey | None:
    message = context.effective_digest
    text = context.receipt.get("signature_b64")
    signature = decode_base64(text, 64) if isinstance(text, str) else None
    if message is None or signature is None:
        return None
    if context.outcomes["receipt"] is Outcome.UNDECIDED:
        return None
    return next((k for k in _keys_to_try(context, named) if k.has_signed(message, signature)), None)


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
        return single(Part(path, Outcome.UNDECIDED, Reason.NO_SIGNATURE))
    if context.outcomes["receipt"] is Outcome.UNDECIDED:
        return single(Part(path, Outcome.UNDECIDED, Reason.RECEIPT_UNKNOWN, values))
    if message is None:
        return single(Part(path, Outcome.UNDECIDED, Reason.NO_DIGEST, values))
    values = (*values, ("over digest", message.hex()))
    if not isinstance(stated, str) or decode_base64(stated, 64) is None:
        return single(Part(path, Outcome.UNDECIDED, Reason.UNREADABLE, values))
    if context.signer is not None:
        reason = Reason.SIGNED if context.digest is not None else Reason.SIGNED_STATED_DIGEST
        return single(Part(path, Outcome.PASSED, reason, values, (path,)))
    if context.names_trusted_key:
        return single(Part(path, Outcome.FAILED, Reason.NOT_SIGNED_BY_KEY, values))
    return single(Part(path, Outcome.UNDECIDED, Reason.NO_TRUSTED_KEY, values))
