"""What is measured runs: a benchmark that nobody has run for a while is broken without a sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.cases import GROUPS
from tests.benchmarks.site import Site


@pytest.mark.parametrize("name", ["rules-12", "steps"])
def test_every_case_of_a_group_runs(name: str, tmp_path: Path) -> None:
    for case in GROUPS[name](Site(tmp_path)).cases:
        case.run()
