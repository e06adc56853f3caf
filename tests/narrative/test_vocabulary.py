"""The words are data: staff may add to them, and are told what is wrong with what they wrote."""

from __future__ import annotations

import pytest

from budgetbook.narrative.reading import read_report
from budgetbook.narrative.vocabulary import VocabularyError, line_word, read_vocabulary, unit_word
from budgetbook.settings import data_folder

WRITTEN = (data_folder("templates") / "2026" / "narrative.toml").read_text(encoding="utf-8")


def test_a_word_added_to_the_file_is_understood() -> None:
    text = ["2024年全市一般公共预算收入达成12.5亿元。"]
    assert () == read_report(text, read_vocabulary(WRITTEN)).claims
    added = WRITTEN.replace('says = ["完成", ', 'says = ["达成", "完成", ')
    assert ["actual"] == [claim.measure for claim in read_report(text, read_vocabulary(added)).claims]


def test_units_of_the_city_and_lines_of_the_catalogue_can_be_known_too() -> None:
    also = {"甲县": unit_word("county_level"), "烟叶税": line_word("revenue.10120", "general_public")}
    text = ["2024年甲县一般公共预算收入完成12.5亿元，其中烟叶税0.2亿元。"]
    claims = read_report(text, read_vocabulary(WRITTEN, also=also)).claims
    assert [("county_level", "甲县", "revenue"), ("county_level", "甲县", "revenue.10120")] == [
        (claim.scope, claim.of_which, claim.flow) for claim in claims
    ]


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (WRITTEN.replace('"持平", ', '"持平", "增长", '), "words.toml 中“增长”写在两处，意思不同。请只保留一处。"),
        (
            WRITTEN.replace('default_scope = "citywide"', ""),
            "words.toml 缺少“default_scope”一项。请从原文件补上这一项。",
        ),
        (WRITTEN.replace('name = "flat"', 'nmae = "flat"'), "words.toml 的 direction 中“持平、零增长”一行有不认得的项"),
        (
            WRITTEN.replace('name = "against"', 'name = "agianst"'),
            "words.toml 的 speech 中“比、较、与、同(?=上年|去年|年初)”一行",
        ),
        (WRITTEN.replace('"零增长"', '"零(增长"'), "words.toml 有一个词写不成式样（"),
        (WRITTEN.replace('says = ["税比", ', 'says = ["税比, '), "words.toml 读不了：第 "),
    ],
)
def test_a_broken_file_is_refused_with_its_place_and_the_remedy(broken: str, says: str) -> None:
    assert broken != WRITTEN
    with pytest.raises(VocabularyError) as error:
        read_vocabulary(broken, "words.toml")
    assert str(error.value).startswith(says)
