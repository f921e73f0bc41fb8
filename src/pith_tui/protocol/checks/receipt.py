"""Checks 7 to 9: the receipt's kind, its key and its signature."""

from __future__ import annotations

from pith_tui.protocol.checks.context import CheckContext, CheckResult, combine_parts, not_present
from pith_tui.protocol.keys import PINNED, PublicKey, decode_base64
from pith_tui.protocol.report import Outcome, Part

ALGORITHM = "ed25519"
SIGNED_MESSAGE = "canonical_sha256_bytes"


def receipt_kind(facts: CheckContext) -> CheckResult:
    """Check 7: what is signed and how, by the one rule that is known (PROTOCOL.md, Receipt)."""
    receipt = facts.record.mapping("receipt")
    if not receipt:
        return not_present("The record carries no receipt.")
    known = {"algorithm": ALGORITHM, "signed_message": SIGNED_MESSAGE}
    missing = [name for name in known if receipt.get(name) is None]
    if missing:
        return not_present(f"The receipt does not state its {' and '.join(missing)}.")
    if receipt.get("kind") is not None:
        known["kind"] = "pith_receipt"
    parts = []
    for name, value in known.items():
        stated = str(receipt[name])
        outcome = Outcome.PASSED if stated == value else Outcome.UNDECIDED
        parts.append(Part(name, outcome, stated, value))
    words = {
        Outcome.PASSED: "Ed25519 over the 32 bytes of the digest: the rule this program knows.",
        Outcome.UNDECIDED: "The receipt follows a rule this program does not know",
    }
    return combine_parts(parts, words)._replace(claimed=parts[0].claimed, computed=ALGORITHM)


def key(facts: CheckContext) -> CheckResult:
    """Check 8: the receipt names a trusted key, by fingerprint where it gives one."""
    key_id = facts.record.text("receipt", "key_id")
    fingerprint = facts.record.text("receipt", "public_key_fingerprint")
    if key_id is None and fingerprint is None:
        return not_present("The receipt names no key.")
    named = _by_id(facts.trusted, key_id)
    printed = _by_fingerprint(facts.trusted, fingerprint)
    claimed = fingerprint or key_id
    if fingerprint is not None and printed is None:
        return _unknown_fingerprint(named, claimed)
    if fingerprint is not None and printed is not None and key_id not in (None, printed.key_id):
        return CheckResult(
            Outcome.FAILED,
            f"The receipt calls the key {key_id}, but the fingerprint is that of {printed.key_id}.",
            claimed,
            printed.fingerprint,
        )
    found = printed or named
    if found is None:
        return CheckResult(
            Outcome.UNDECIDED, f"The key {key_id} is not one this program trusts.", claimed
        )
    facts.key = found
    how = "" if fingerprint else ", by its name alone"
    whose = "the service's key, pinned here" if found.raw == PINNED.raw else "a key added here"
    return CheckResult(
        Outcome.PASSED,
        f"Signed with {found.key_id}{how}: {whose}.",
        claimed,
        found.fingerprint,
    )


def _unknown_fingerprint(named: PublicKey | None, claimed: str | None) -> CheckResult:
    if named is None:
        return CheckResult(
            Outcome.UNDECIDED,
            "The receipt names a key that this program does not trust; that is no bad signature, "
            "only one that nothing here vouches for.",
            claimed,
        )
    return CheckResult(
        Outcome.FAILED,
        f"The receipt names the key {named.key_id} with another key's fingerprint.",
        claimed,
        named.fingerprint,
    )


def _by_id(trusted: tuple[PublicKey, ...], key_id: str | None) -> PublicKey | None:
    return next((each for each in trusted if each.key_id == key_id), None)


def _by_fingerprint(trusted: tuple[PublicKey, ...], fingerprint: str | None) -> PublicKey | None:
    if fingerprint is None:
        return None
    return next((each for each in trusted if each.has_fingerprint(fingerprint)), None)


def signature(facts: CheckContext) -> CheckResult:
    """Check 9: Ed25519 over the 32 bytes of the digest recomputed here.

    Where the canonical record is not at hand the stated digest is tried, which shows only that
    the key signed that digest; check 3 is then absent and the verdict cannot be VERIFIED.
    """
    text = facts.record.text("receipt", "signature_b64")
    if text is None:
        return not_present("The record carries no signature.")
    if facts.outcomes["receipt"] is not Outcome.PASSED:
        return CheckResult(Outcome.UNDECIDED, "Not tried: the kind of receipt is not known.", text)
    if facts.key is None:
        return CheckResult(Outcome.UNDECIDED, "Not tried: there is no trusted key to try.", text)
    message = facts.effective_digest
    if message is None:
        return CheckResult(Outcome.UNDECIDED, "Not tried: there is no digest.", text)
    signed = decode_base64(text, 64)
    if signed is None:
        return CheckResult(Outcome.FAILED, "The signature is not 64 bytes in strict base64.", text)
    if facts.key.has_signed(message, signed):
        return CheckResult(Outcome.PASSED, _right(facts), text, message.hex())
    sentence = f"The key {facts.key.key_id} did not sign this digest."
    if facts.stated not in (None, message) and facts.key.has_signed(facts.stated or b"", signed):
        sentence = "The signature is for the digest stated, not for the canonical record shown."
    return CheckResult(Outcome.FAILED, sentence, text, message.hex())


def _right(facts: CheckContext) -> str:
    key_id = facts.key.key_id if facts.key else ""
    if facts.digest is None:
        return f"{key_id} signed the digest stated; what that digest covers is not at hand."
    return f"{key_id} signed the digest of this canonical record."
