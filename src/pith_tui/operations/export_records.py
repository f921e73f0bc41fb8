"""Write records into files: as lines, or as a static mirror that any web server can serve."""

from __future__ import annotations

import base64
import contextlib
import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pith_tui.errors import CacheError, UsageError
from pith_tui.lookup.best_records import iter_best_records
from pith_tui.operations.job import Job, until_stopped
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.store.query import Query
from pith_tui.store.records import EVERYTHING
from pith_tui.store.response_rows import StoredResponse

MAX_ERRORS = 20
"""Damaged and failing records that a result names; the others are only counted."""


class ExportResult(NamedTuple):
    """The result of an export: records written, records left out as damaged, the first errors.

    ``failed`` counts the records of which every response fails, which are left out too, and
    ``failing`` names the first.  ``complete`` is false if the job was stopped.
    """

    written: int
    damaged: int
    errors: tuple[CacheError, ...]
    failed: int
    failing: tuple[str, ...]
    complete: bool

    @property
    def is_partial(self) -> bool:
        """Whether records were left out."""
        return self.damaged + self.failed > 0


def export_lines(
    cache: Cache,
    out: BinaryIO,
    trusted: Sequence[PublicKey],
    job: Job,
    query: Query = EVERYTHING,
) -> ExportResult:
    """Write the best response of each record that a search finds as one line.

    A response that fails is evidence and not a record to hand on, so it is left out.  A record is
    written as received, but for line ends between its members, which become spaces: inside a JSON
    text there are none.
    """
    progress = _Exported(cache, trusted, query, job)
    for response in progress.responses():
        out.write(response.raw.strip().replace(b"\r", b" ").replace(b"\n", b" ") + b"\n")
    return progress.result()


def export_file(
    cache: Cache,
    path: Path,
    trusted: Sequence[PublicKey],
    job: Job,
    query: Query = EVERYTHING,
    *,
    overwrite: bool = False,
) -> ExportResult:
    """Write the lines to a file that is there only once it is complete.

    Raises UsageError if it cannot be written, is the cache's own, or exists and is not to be
    overwritten.
    """
    _refuse_own_file(cache, path)
    if not overwrite and (path.exists() or path.is_symlink()):
        raise UsageError(f"{path} already exists", "give a new name; nothing is overwritten")
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        with _remove_on_failure(partial):
            with partial.open("xb") as out:
                result = export_lines(cache, out, trusted, job, query)
                out.flush()
                os.fsync(out.fileno())
            if result.complete:
                _put_in_place(partial, path, overwrite=overwrite)
            else:
                partial.unlink()
    except FileExistsError:
        raise UsageError(f"{path} already exists", "give a new name") from None
    except OSError as error:
        raise _unwritable(path, error) from None
    return result


def export_mirror(
    cache: Cache,
    root: Path,
    now: datetime,
    trusted: Sequence[PublicKey],
    job: Job,
    query: Query = EVERYTHING,
) -> ExportResult:
    """Write ``pith/SUFFIX.json`` for each record, byte for byte, and ``pith-mirrors.json``.

    The manifest comes last: a mirror without one was not finished.  Raises UsageError if the
    directory contains something already, since nothing is overwritten, or cannot be written.
    """
    _refuse_own_file(cache, root)
    folder = root / "pith"
    progress = _Exported(cache, trusted, query, job)
    try:
        if root.exists() and any(root.iterdir()):
            raise UsageError(f"{root} is not empty", "give a directory that is new or empty")
        folder.mkdir(parents=True)
        for response in progress.responses():
            (folder / f"{response.suffix}.json").write_bytes(response.raw)
        result = progress.result()
        if result.complete:
            manifest = json.dumps(_manifest(now), indent=1) + "\n"
            (root / "pith-mirrors.json").write_text(manifest, "utf-8")
    except OSError as error:
        raise _unwritable(root, error) from None
    return result


class _Exported:
    """Walks through the records to export and counts what became of them."""

    def __init__(self, cache: Cache, trusted: Sequence[PublicKey], query: Query, job: Job) -> None:
        self._cache = cache
        self._trusted = trusted
        self._query = query
        self._job = job
        self._written = 0
        self._damaged = 0
        self._errors: list[CacheError] = []
        self._failed = 0
        self._failing: list[str] = []

    def responses(self) -> Iterator[StoredResponse]:
        """Yield the responses to write, until the job is stopped."""
        job = self._job
        job.total = records.count_records(self._cache, self._query)
        best_records = iter_best_records(self._cache, self._trusted, self._query)
        for record, best in until_stopped(best_records, job):
            if best is None:
                self._damaged += 1
                if record.error is not None and len(self._errors) < MAX_ERRORS:
                    self._errors.append(record.error)
            elif best.is_evidence:
                self._failed += 1
                if len(self._failing) < MAX_ERRORS:
                    self._failing.append(record.suffix)
            else:
                yield best.response
                self._written += 1
            job.update(self._written + self._damaged + self._failed)

    def result(self) -> ExportResult:
        """Return the result of the export."""
        return ExportResult(
            self._written,
            self._damaged,
            tuple(self._errors),
            self._failed,
            tuple(self._failing),
            not self._job.stopped,
        )


def _refuse_own_file(cache: Cache, path: Path) -> None:
    """Refuse the cache's file and those beside it that SQLite and a repair make of its name."""
    target, own = path.resolve(), cache.path.resolve()
    if target.parent == own.parent and target.name.startswith(own.name):
        raise UsageError(f"{path} is the cache's own file", "give another name")


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
    """Remove a file that was not finished: half an export looks like a whole one."""
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"{path} cannot be written: {error.strerror or error}",
        "give another name, or free some disk space",
    )


def _manifest(now: datetime) -> dict[str, object]:
    """Return a manifest in the form of the service's own; it vouches for nothing."""
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
        "notes": "Records only. Trust nothing here without verifying its signature.",
    }
