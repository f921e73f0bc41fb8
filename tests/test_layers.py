"""Imports go down only, and the lower layers load nothing of the upper ones' libraries."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def loaded_by(module: str) -> set[str]:
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("module", "never"),
    [
        ("pith_tui.protocol.verification", {"sqlite3", "pathlib", "socket", "httpx", "textual"}),
        ("pith_tui.lookup.service", {"httpx", "textual", "rich", "asyncio", "platformdirs"}),
        ("pith_tui.output.plain", {"httpx", "textual", "rich", "pylatexenc"}),
        ("pith_tui.tui.loading", {"textual", "rich"}),
        ("pith_tui.cli.dispatch", {"httpx", "textual", "cryptography", "rich"}),
    ],
)
def test_what_a_module_never_loads(module: str, never: set[str]) -> None:
    assert not loaded_by(module) & never


def test_the_import_contracts_hold() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [str(linter), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_modules_and_functions_keep_their_size() -> None:
    import ast

    for path in (ROOT / "src").rglob("*.py"):
        text = path.read_text("utf-8")
        assert text.count("\n") <= 400, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 50, (path, node.name)
