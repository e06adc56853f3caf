"""One small country as files, drawn once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.country.files import write_country
from tests.country.tree import Size

SIZE = Size(2, 2, 2)


@pytest.fixture(scope="session")
def country_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the 15 returns of two provinces of two cities of two counties."""
    folder = tmp_path_factory.mktemp("country")
    assert 15 == write_country(SIZE, folder, jobs=1)
    return folder
