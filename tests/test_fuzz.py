"""The fuzz targets accept their seeds; ``fuzz/README.md`` says how to run them for longer."""

from __future__ import annotations

import pytest
from fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_fuzz_target_accepts_its_seeds(name: str) -> None:
    seeds = TARGETS[name].seeds()
    assert seeds
    for seed in seeds:
        TARGETS[name].run(seed)
