"""What a command does not need is not loaded: that is what makes it start at once."""

import subprocess
import sys

import pytest

HEAVY = {"numpy", "pandas", "rich", "xlsxwriter", "openpyxl", "python_calamine", "multiprocessing"}


def loaded(code: str) -> set[str]:
    """The heavy packages that a fresh interpreter has loaded after *code*."""
    tail = f"\nimport sys\nprint(*({HEAVY!r} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code + tail], capture_output=True, text=True, check=True)
    return set(done.stdout.split("\n")[-2].split())


def test_help_loads_nothing_heavy() -> None:
    code = "from budgetbook.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass"
    assert set() == loaded(code)


@pytest.mark.parametrize("module", ["budgetbook.jobs", "budgetbook.intake", "budgetbook.checks"])
def test_checking_loads_neither_frames_nor_writers(module: str) -> None:
    assert set() == loaded(f"import {module}") & {"pandas", "rich", "xlsxwriter", "openpyxl"}
