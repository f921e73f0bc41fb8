"""``python -m tests.registry``: a registry to try the program against, until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import json
import tempfile
import threading
from pathlib import Path

from tests.registry.records import SigningKey, synthetic
from tests.registry.sections import fill, plausible
from tests.registry.server import Registry
from tests.support import real_record


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.registry", description=__doc__)
    parser.add_argument("--port", type=int, default=8765, help="0 for any that is free")
    parser.add_argument("--count", type=int, default=20, help="generated records to serve")
    parser.add_argument("--tls", action="store_true", help="serve https with a throw-away CA")
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt), tempfile.TemporaryDirectory() as directory:
        serve(options.port, options.count, Path(directory) if options.tls else None)


def serve(port: int, count: int, tls_dir: Path | None) -> None:
    """Serve until Ctrl-C; every other generated record has sections that are not empty."""
    key = SigningKey()
    with Registry(key, tls_dir=tls_dir, port=port) as registry:
        registry.add(real_record())
        for number in range(count):
            record = synthetic(number, key)
            registry.add(fill(record, plausible(number)) if number % 2 else record)
        print(f"serving {len(registry.records)} records at {registry.url}")
        print("  2503.11832 is the real one, signed by the pinned key; others are signed by")
        print(f"  {key.key_id}  {key.public_b64}  fingerprint {key.fingerprint}")
        for suffix in list(registry.records)[1:6]:
            source = json.loads(registry.records[suffix])["source"]
            print(f"  {source['id']}v{source['version']}  {suffix}")
        if registry.ca_pem:
            print(f"  trust it with --ca-file {registry.ca_pem}")
        print(f"try: pith-tui --server {registry.url} 2503.11832   (Ctrl-C ends this)", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
