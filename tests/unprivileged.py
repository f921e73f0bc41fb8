"""Run a program where it can read but not write, whichever user runs the suite."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def run_where_read_only(
    path: Path, imported: str, code: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run code whose first argument is a file in a directory that it cannot write.

    ``imported`` runs before the rights of root are given up, since what is imported may lie where
    only root may read.
    """
    path.parent.chmod(0o555)
    for file in path.parent.iterdir():
        file.chmod(0o644)
    for parent in path.parents[1:5]:
        parent.chmod(0o755)
    # Root may write anywhere.
    whole = f"import os, sys\n{imported}\nos.geteuid() or os.setuid(65534)\n{code}"
    return subprocess.run(
        [sys.executable, "-c", whole, str(path), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
