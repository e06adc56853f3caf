"""The typefaces of official papers, and what stands in for those a machine lacks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from budgetbook.papers.fonts import installed_fonts
from budgetbook.papers.typefaces import OFFICIAL, Fonts, fitting, second_choices

COMPLETE = ["方正小标宋简体", "SimHei", "KaiTi", "FangSong", "SimSun", "Times New Roman"]


def test_a_machine_with_every_typeface_lacks_none() -> None:
    assert (OFFICIAL, ()) == fitting(COMPLETE)


def test_official_papers_are_titled_in_xiaobiaosong_and_set_in_fangsong() -> None:
    assert Fonts("方正小标宋简体", "黑体", "楷体", "仿宋", "宋体", "Times New Roman") == OFFICIAL


def test_a_missing_typeface_is_named_with_its_use_its_stand_in_and_what_to_do() -> None:
    chosen, (missing,) = fitting([*COMPLETE[1:], "STZhongsong"])
    assert "华文中宋" == chosen.title
    assert (
        "本机没有“方正小标宋简体”字体（用于标题），已改用“华文中宋”。"
        "正式付印前请安装该字体后重新生成，或在装有该字体的电脑上打印。"
    ) == str(missing)


def test_noto_stands_in_on_a_bare_linux() -> None:
    chosen, missing = fitting(["Noto Serif CJK SC", "Noto Sans CJK SC", "Liberation Serif"])
    serif, sans = "Noto Serif CJK SC", "Noto Sans CJK SC"
    assert Fonts(serif, sans, serif, serif, serif, "Liberation Serif") == chosen
    assert 6 == len(missing)


def test_a_machine_without_chinese_typefaces_is_told_so_and_the_official_name_stays() -> None:
    chosen, missing = fitting(["DejaVu Serif"])
    assert "仿宋" == chosen.fang
    assert "也没有可替代的字体" in str(missing[0])


def test_names_are_known_in_chinese_and_english_whatever_the_case() -> None:
    assert "仿宋" == fitting(["fangsong"])[0].fang


def test_a_word_processor_is_told_the_second_choice() -> None:
    assert "方正小标宋_GBK" == second_choices()["方正小标宋简体"]


@pytest.mark.skipif(shutil.which("fc-list") is None, reason="no fontconfig on this machine")
def test_fontconfig_lists_the_typefaces_of_this_machine() -> None:
    assert installed_fonts()


def test_without_fontconfig_font_files_are_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Fonts").mkdir()
    (tmp_path / "Fonts" / "simfang.ttf").touch()
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setenv("WINDIR", str(tmp_path))
    assert "simfang" in installed_fonts()
    assert "仿宋" == fitting(installed_fonts())[0].fang
