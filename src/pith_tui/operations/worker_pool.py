"""Verify on several processes that share neither terminal nor signals with this one.

Not ``multiprocessing``: its processes inherit the terminal that the browser draws on, and under
Textual, where stderr has no file descriptor, it cannot start them at all.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Generator, Iterator

from pith_tui.errors import CacheError, PithError
from pith_tui.operations.verify_ranges import VerifyBatch, VerifyScope, verify_ranges

_AHEAD = 2
"""Ranges that wait for each process, so that none of them waits for this one."""

# The path is handed over: what was added to it while this process ran is not in the environment.
_CODE = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    " from pith_tui.operations.worker_pool import worker_main; worker_main()"
)


def run_in_pool(
    scope: VerifyScope, ranges: Iterator[tuple[int, int]], count: int
) -> Generator[VerifyBatch, None, None]:
    """Return the results of the ranges in their order; closing the iterator ends the processes.

    Raises CacheError as a process met it, and where one ended unasked.
    """
    processes: list[subprocess.Popen[bytes]] = []
    try:
        processes.extend(_start(scope) for _ in range(count))
        sent = done = 0
        for bounds in ranges:
            _send(processes[sent % count], bounds)
            sent += 1
            if sent - done == _AHEAD * count:
                yield _receive(processes[done % count])
                done += 1
        while done < sent:
            yield _receive(processes[done % count])
            done += 1
    finally:
        for process in processes:
            _end(process)


def _start(scope: VerifyScope) -> subprocess.Popen[bytes]:
    # In a session of its own Ctrl-C does not reach it: this process gets it, and ends the worker.
    process = subprocess.Popen(
        [sys.executable, "-c", _CODE, json.dumps(sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    _send(process, scope)
    return process


def _send(process: subprocess.Popen[bytes], value: object) -> None:
    assert process.stdin is not None, "it was started with a pipe"
    try:
        pickle.dump(value, process.stdin)
        process.stdin.flush()
    except OSError:
        raise _ended() from None


def _receive(process: subprocess.Popen[bytes]) -> VerifyBatch:
    assert process.stdout is not None, "it was started with a pipe"
    try:
        received = pickle.load(process.stdout)
    except (EOFError, pickle.UnpicklingError):
        raise _ended() from None
    if isinstance(received, VerifyBatch):
        return received
    raise CacheError(*received)


def _ended() -> CacheError:
    return CacheError(
        "a process of the verification ended before it was done",
        "resume it; on the command line, --jobs 1 needs the least memory",
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None, "it was started with pipes"
        try:
            pipe.close()
        except OSError:
            continue  # what was not sent yet is no longer needed


def worker_main() -> None:
    """Run as one of the processes: read ranges from stdin, write results to stdout until it ends.

    Stdin ends too when the process that started this one is killed.
    """
    source, results = sys.stdin.buffer, sys.stdout.buffer
    try:
        scope: VerifyScope = pickle.load(source)
        for batch in verify_ranges(scope, _received_ranges(source)):
            pickle.dump(batch, results)
            results.flush()
    except PithError as error:
        pickle.dump((str(error), error.hint), results)
        results.flush()
    except (EOFError, BrokenPipeError):
        return  # the reader is gone


def _received_ranges(source: object) -> Iterator[tuple[int, int]]:
    while True:
        try:
            yield pickle.load(source)  # type: ignore[arg-type]
        except EOFError:
            return
