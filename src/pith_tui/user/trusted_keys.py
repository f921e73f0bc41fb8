"""The keys this program trusts: the pinned one, and those the user added.

A key file holds public keys only.  It is read at each start and written only by ``pith-tui keys``;
nothing from the network ever reaches it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from pith_tui.errors import UsageError
from pith_tui.protocol.keys import PINNED, PublicKey, decode_base64
from pith_tui.user.paths import check_regular

FILE_NAME = "trusted-keys.json"


def load_keys(directory: Path) -> tuple[PublicKey, ...]:
    """Return the trusted keys, the pinned one first.

    Raises UsageError where the key file is not one, and KeyRefusedError for a key in it that must
    not be used.
    """
    path = directory / FILE_NAME
    check_regular(path, "the key file")
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return (PINNED,)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the key file {path} cannot be read: {error}") from None
    hint = f"correct or move away {path}; `pith-tui keys add` writes a new one"
    try:
        entries = [(str(item["key_id"]), str(item["public_key_b64"])) for item in json.loads(text)]
    except (ValueError, TypeError, KeyError):
        raise UsageError(f"the key file {path} is not a list of keys", hint) from None
    return (PINNED, *(read_key(key_id, encoded) for key_id, encoded in entries))


def read_key(key_id: str, encoded: str) -> PublicKey:
    """Make a key of an id and strict base64; raises UsageError or KeyRefusedError."""
    raw = decode_base64(encoded, 32)
    if raw is None:
        raise UsageError(
            f"the public key of {key_id} is not 32 bytes in standard base64",
            "give the raw key as the mirror manifest prints it: 44 characters ending in '='",
        )
    return PublicKey(key_id, raw)


def add_key(directory: Path, key: PublicKey) -> None:
    """Trust one more key; raises UsageError where its id or the key itself is trusted already."""
    keys = load_keys(directory)
    for known in keys:
        if known.key_id == key.key_id or known.raw == key.raw:
            raise UsageError(
                f"a key with this name or value is already trusted: {known.key_id}",
                "`pith-tui keys list` shows it",
            )
    _write(directory, (*keys[1:], key))


def remove_key(directory: Path, key_id: str) -> PublicKey:
    """Trust a key no longer and give it back; raises UsageError where that cannot be."""
    keys = load_keys(directory)
    if key_id == PINNED.key_id:
        raise UsageError(f"{key_id} is pinned in the program and cannot be removed")
    for key in keys[1:]:
        if key.key_id == key_id:
            _write(directory, tuple(other for other in keys[1:] if other is not key))
            return key
    raise UsageError(f"no trusted key has the name {key_id}", "`pith-tui keys list` shows them")


def _write(directory: Path, keys: tuple[PublicKey, ...]) -> None:
    import base64

    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    entries = [
        {"key_id": key.key_id, "public_key_b64": base64.b64encode(key.raw).decode("ascii")}
        for key in keys
    ]
    path = directory / FILE_NAME
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_text(json.dumps(entries, indent=2) + "\n", "utf-8")
    os.replace(fresh, path)
