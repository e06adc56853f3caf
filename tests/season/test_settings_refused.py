"""A settings file that cannot be meant so is refused in Chinese, with the place and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgetbook.problems import Impossible
from budgetbook.workspace import open_workspace


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("城市 = 1\n".encode(), "第 1 行第 1 个字处写法不对。请检查这里的引号"),
        ('city = "焦作市"\n'.encode("gb18030"), "不是 UTF-8 编码的文字。请用记事本打开，另存为时编码选 UTF-8"),
        (b'catalogue = "2026"\n', "city 没有写或不是文字，请写成 city = "),
        ('city = "焦作市"\nseal = 5\n'.encode(), "seal 没有写或不是文字，请写成 seal = "),
    ],
)
def test_a_settings_file_that_cannot_be_read_says_where_and_what_to_do(tmp_path: Path, raw: bytes, says: str) -> None:
    (tmp_path / "budgetbook.toml").write_bytes(raw)
    with pytest.raises(Impossible) as error:
        open_workspace(tmp_path)
    assert says in str(error.value)
