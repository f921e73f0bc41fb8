"""Records into files: as lines, or as a static mirror that any web server can serve."""

from __future__ import annotations

import base64
import contextlib
import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from pith_tui.errors import UsageError
from pith_tui.protocol.keys import PINNED
from pith_tui.store.records import StoredRecord

OnDamaged = Callable[[StoredRecord], None]
Progress = Callable[[int], None]


def _no_progress(count: int) -> None:
    del count


def export_lines(
    items: Iterator[StoredRecord],
    out: BinaryIO,
    faulty: OnDamaged,
    progress: Progress = _no_progress,
) -> int:
    """Write each record as one line; returns their number.

    A record is written as received, but for line ends between its members, which become spaces:
    inside a JSON text there are none.
    """
    written = 0
    for item in items:
        if item.held is None:
            faulty(item)
            continue
        out.write(item.held.raw.strip().replace(b"\r", b" ").replace(b"\n", b" ") + b"\n")
        written += 1
        progress(written)
    return written


def export_lines_to(
    items: Iterator[StoredRecord],
    path: Path,
    faulty: OnDamaged,
    progress: Progress = _no_progress,
    *,
    overwrite: bool = False,
) -> int:
    """Write the lines to a file that is there only once it is whole; returns their number.

    Raises UsageError where it cannot be written, or is there already and is not to be replaced.
    """
    if not overwrite and (path.exists() or path.is_symlink()):
        raise UsageError(f"{path} is there already", "give a new name: nothing is overwritten")
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        with _remove_on_failure(partial):
            with partial.open("xb") as out:
                written = export_lines(items, out, faulty, progress)
                out.flush()
                os.fsync(out.fileno())
            _put_in_place(partial, path, overwrite=overwrite)
    except FileExistsError:
        raise UsageError(f"{path} is there already", "give a new name") from None
    except OSError as error:
        raise _unwritable(path, error) from None
    return written


def _put_in_place(partial: Path, path: Path, *, overwrite: bool) -> None:
    if not overwrite:
        try:
            # Unlike a renaming, a link does not replace what another process wrote meanwhile.
            os.link(partial, path)
        except FileExistsError:
            raise
        except OSError:
            if path.exists():  # a file system without links
                raise FileExistsError from None
        else:
            partial.unlink()
            return
    os.replace(partial, path)


@contextlib.contextmanager
def _remove_on_failure(partial: Path) -> Iterator[None]:
    """Take a file away that was not finished: half an archive looks like a whole one."""
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"{path} cannot be written: {error.strerror or error}", "give another place, or make room"
    )


def export_mirror(
    items: Iterator[StoredRecord],
    root: Path,
    now: datetime,
    faulty: OnDamaged,
    progress: Progress = _no_progress,
) -> int:
    """Write ``pith/SUFFIX.json`` for each record, byte for byte, and ``pith-mirrors.json``.

    The manifest comes last: a mirror without one was not finished.  Raises UsageError where the
    directory holds something already, since nothing is overwritten, or cannot be written.
    """
    folder = root / "pith"
    written = 0
    try:
        if root.exists() and any(root.iterdir()):
            raise UsageError(f"{root} is not empty", "give a directory that is new or empty")
        folder.mkdir(parents=True)
        for item in items:
            if item.held is None:
                faulty(item)
                continue
            (folder / f"{item.suffix}.json").write_bytes(item.held.raw)
            written += 1
            progress(written)
        manifest = json.dumps(_manifest(now), indent=1) + "\n"
        (root / "pith-mirrors.json").write_text(manifest, "utf-8")
    except OSError as error:
        raise _unwritable(root, error) from None
    return written


def _manifest(now: datetime) -> dict[str, object]:
    """Make a manifest in the form of the service's own; it is no one's word for anything."""
    return {
        "manifest_type": "pith_mirror_manifest",
        "manifest_version": "1.0",
        "generated_at": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "mirrors": [
            {
                "name": "Static mirror written by pith-tui",
                "mirror_type": "static",
                "record_pattern": "pith/{suffix}.json",
                "public_key": {
                    "key_id": PINNED.key_id,
                    "algorithm": "ed25519",
                    "format": "raw",
                    "public_key_b64": base64.b64encode(PINNED.raw).decode("ascii"),
                    "fingerprint_sha256_hex": PINNED.fingerprint,
                },
            }
        ],
        "notes": "Records only. Trust none of it: verify each record's signature.",
    }
