"""``pith-tui cache export``."""

from __future__ import annotations

import http.server
import json
import threading
from functools import partial
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.store.cache import Cache
from tests.registry.records import synthetic, wire
from tests.stored import KEY, file_record
from tests.support import REAL_SUFFIX, real_record

Captured = pytest.CaptureFixture[str]


def test_exported_lines_can_be_imported(
    cache: Cache, tmp_path: Path, capsys: Captured, path: Path
) -> None:
    pretty = json.dumps(json.loads(real_record()), indent=1).encode()
    file_record(cache, pretty)
    file_record(cache, wire(synthetic(3, KEY)))
    out = tmp_path / "out.jsonl"
    assert main(["cache", "export", "--output", str(out)]) == exit_codes.OK
    lines = out.read_bytes().splitlines()
    assert len(lines) == 2
    assert json.loads(lines[0]) == json.loads(real_record())
    assert main(["cache", "export", "--output", str(out)]) == exit_codes.USAGE
    assert "nothing is overwritten" in capsys.readouterr().err


def test_mirror_works_on_a_static_web_server(
    cache: Cache, tmp_path: Path, capsys: Captured
) -> None:
    file_record(cache, real_record())
    site = tmp_path / "site"
    assert main(["cache", "export", "--mirror", str(site)]) == exit_codes.OK
    assert (site / "pith" / f"{REAL_SUFFIX}.json").read_bytes() == real_record()
    assert json.loads((site / "pith-mirrors.json").read_text())["mirrors"]
    assert main(["cache", "export", "--mirror", str(site)]) == exit_codes.USAGE
    capsys.readouterr()
    handler = partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        other = str(tmp_path / "other.sqlite3")
        arguments = ["verify", REAL_SUFFIX, "--server", url, "--cache", other]
        assert main(arguments) == exit_codes.OK
        server.shutdown()
    assert f"live from {url}" in capsys.readouterr().out


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass
