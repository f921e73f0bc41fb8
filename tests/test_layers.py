"""Imports only go down, and the lower layers load no library of the upper ones."""

from __future__ import annotations

import ast
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
def test_module_does_not_load_heavy_dependencies(module: str, never: set[str]) -> None:
    assert not loaded_by(module) & never


def test_import_contracts_hold() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [str(linter), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def imports_of(path: Path, modules: set[str]) -> set[str]:
    """Return the modules of the package that a module imports anywhere, including for types."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            names.update(named & modules or {node.module})
    return names & modules


def circles(imports: dict[str, set[str]]) -> set[str]:
    """Return what remains after repeatedly removing modules without imports or importers."""
    remaining = dict(imports)
    while True:
        needed = set().union(*remaining.values()) if remaining else set()
        ends = {
            name
            for name, own in remaining.items()
            if name not in needed or not own & remaining.keys()
        }
        if not ends:
            return set(remaining)
        remaining = {
            name: own & remaining.keys() for name, own in remaining.items() if name not in ends
        }


def test_import_cycles_are_detected() -> None:
    chain = {"a": {"b"}, "b": {"c"}, "c": set[str]()}
    assert circles(chain) == set()
    assert circles({**chain, "c": {"b"}}) == {"b", "c"}
    assert circles({**chain, "c": {"c"}}) == {"c"}


def test_modules_have_no_import_cycle() -> None:
    paths = {
        ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(
            ".__init__"
        ): path
        for path in (ROOT / "src").rglob("*.py")
    }
    imports = {name: imports_of(path, set(paths)) for name, path in paths.items()}
    assert imports["pith_tui.tui.app"]
    assert circles(imports) == set()


def test_modules_and_functions_stay_within_the_size_limits() -> None:
    for path in (ROOT / "src").rglob("*.py"):
        text = path.read_text("utf-8")
        assert text.count("\n") <= 400, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 50, (path, node.name)
