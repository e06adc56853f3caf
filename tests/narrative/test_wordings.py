"""How other cities say it: every wording is read into the same claims, field by field."""

from __future__ import annotations

import pytest

from .claims import claims, reading, table


def test_total_revenue_contains_the_revenue_of_the_year() -> None:
    text = (
        "2023年，全市一般公共预算总收入512.36亿元，其中：当年收入201.47亿元，完成预算的101.7%，比上年增长6.2%；"
        "总支出512.36亿元，其中：当年支出480.05亿元，与上年基本持平。收支相抵，结转下年32.31亿元。"
    )
    expected = """
        general_public citywide - revenue     2023 total                512.36 亿元 2 2
        ″              ″        ″ ″           ″    actual               201.47 亿元 2 2
        ″              ″        ″ ″           ″    actual_pct_of_budget 101.7  %    1 1
        ″              ″        ″ ″           ″    growth_on_prior_year 6.2    %    1 1 增长
        ″              ″        ″ expenditure ″    total                512.36 亿元 2 2
        ″              ″        ″ ″           ″    actual               480.05 亿元 2 2
        ″              ″        ″ ″           ″    growth_on_prior_year 0      %    0 1 持平 基本
        ″              ″        ″ balance     ″    carried_over         32.31  亿元 2 2
    """
    assert table(expected) == claims(text)


def test_the_adjusted_budget_is_called_the_budget_from_here_on() -> None:
    text = (
        "2024年，全市一般公共预算收入完成901.2亿元，为调整预算（以下简称预算）的98.4%，可比口径增长4.2%；"
        "支出完成1250.9亿元，为预算的95.1%，下降2.1%。"
    )
    expected = """
        general_public citywide - revenue     2024 actual                 901.2  亿元 1 1
        ″              ″        ″ ″           ″    actual_pct_of_adjusted 98.4   %    1 1
        ″              ″        ″ ″           ″    growth_on_prior_year   4.2    %    1 1 增长 - comparable
        ″              ″        ″ expenditure ″    actual                 1250.9 亿元 1 1
        ″              ″        ″ ″           ″    actual_pct_of_adjusted 95.1   %    1 1
        ″              ″        ″ ″           ″    growth_on_prior_year   -2.1   %    1 1 下降
    """
    assert table(expected) == claims(text)


def test_a_zone_included_without_a_figure_changes_nothing() -> None:
    text = "2025年市本级一般公共预算收入完成48.15亿元（包括河滨经济技术开发区，下同），比上年减少8.1%。"
    expected = """
        general_public city_level - revenue 2025 actual               48.15 亿元 2 2
        ″              ″          ″ ″       ″    growth_on_prior_year -8.1  %    1 1 减少
    """
    assert table(expected) == claims(text)


def test_a_zone_is_called_by_its_short_name_throughout() -> None:
    text = (
        "2018年，市级一般公共预算收入完成26.5亿元（含东部产城融合示范区11.5亿元，以下简称示范区），为年预算的100.2%。"
        "支出完成61亿元（含示范区20.1亿元、高新区3.4亿元）。"
    )
    expected = """
        general_public city_level -      revenue     2018 actual                26.5  亿元 1 1
        ″              ″          示范区 ″           ″    ″                     11.5  ″    1 1
        ″              ″          -      ″           ″    actual_pct_of_initial 100.2 %    1 1
        ″              ″          -      expenditure ″    actual                61    亿元 0 1
        ″              ″          示范区 ″           ″    ″                     20.1  ″    1 1
        ″              ″          高新区 ″           ″    ″                     3.4   ″    1 1
    """
    assert table(expected) == claims(text)


def test_several_zones_named_beside_the_city_level_are_its_explanation() -> None:
    text = "2024年市级（市本级、“三区”）一般公共预算收入完成52.3亿元，较上年增长3.3%。"
    expected = """
        general_public city_level - revenue 2024 actual               52.3 亿元 1 1
        ″              ″          ″ ″       ″    growth_on_prior_year 3.3  %    1 1 增长
    """
    assert table(expected) == claims(text)


def test_every_named_unit_has_its_own_figure() -> None:
    text = "2024年市级一般公共预算支出完成33.8亿元，其中市本级20.5亿元、高新区10.1亿元、临港开发区3.2亿元。"
    expected = """
        general_public city_level -          expenditure 2024 actual 33.8 亿元 1 1
        ″              ″          市本级     ″           ″    ″      20.5 ″    1 1
        ″              ″          高新区     ″           ″    ″      10.1 ″    1 1
        ″              ″          临港开发区 ″           ″    ″      3.2  ″    1 1
    """
    assert table(expected) == claims(text)


def test_scopes_within_one_sentence_share_its_line_and_measure() -> None:
    text = "2024年全市一般公共预算收入完成128.4亿元，其中市级30.6亿元（含高新区9亿元），县（市、区）97.8亿元。"
    expected = """
        general_public citywide     -      revenue 2024 actual 128.4 亿元 1 1
        ″              city_level   -      ″       ″    ″      30.6  ″    1 1
        ″              city_level   高新区 ″       ″    ″      9     ″    0 1
        ″              county_level -      ″       ″    ″      97.8  ″    1 1
    """
    assert table(expected) == claims(text)


def test_items_added_one_by_one_are_parts_of_what_is_added() -> None:
    text = (
        "2025年，全区一般公共预算收入完成40.12亿元，加上级补助收入25.3亿元，调入资金4.58亿元，收入合计70亿元；"
        "一般公共预算支出完成66.05亿元，加上解支出1.28亿元，债务还本2.67亿元，支出合计70亿元。"
        "调出资金5.83亿元（用于弥补政府性基金短收）。"
    )
    expected = """
        general_public citywide - revenue                     2025 actual             40.12 亿元 2 2
        ″              ″        ″ ″                           ″    other_sources_part 25.3  ″    1 2
        ″              ″        ″ ″                           ″    other_sources_part 4.58  ″    2 2
        ″              ″        ″ ″                           ″    total              70    ″    0 2
        ″              ″        ″ expenditure                 ″    actual             66.05 ″    2 2
        ″              ″        ″ ″                           ″    other_uses_part    1.28  ″    2 2
        ″              ″        ″ ″                           ″    other_uses_part    2.67  ″    2 2
        ″              ″        ″ ″                           ″    total              70    ″    0 2
        ″              ″        ″ expenditure.transferred_out ″    actual             5.83  ″    2 2
    """
    assert table(expected) == claims(text)
    named = [claim.named for claim in reading(text).claims if claim.named]
    assert ["上级补助收入", "调入资金", "上解支出", "债务还本"] == named


def test_a_sum_said_to_be_added_is_one_figure_and_knows_what_it_names() -> None:
    text = "2021年，全区一般公共预算收入完成147.1亿元，同比减少21.4%，加上转移性收入49.2亿元，收入合计196.3亿元。"
    expected = """
        general_public citywide - revenue 2021 actual               147.1 亿元 1 1
        ″              ″        ″ ″       ″    growth_on_prior_year -21.4 %    1 1 减少
        ″              ″        ″ ″       ″    other_sources        49.2  亿元 1 1
        ″              ″        ″ ″       ″    total                196.3 亿元 1 1
    """
    assert table(expected) == claims(text)
    assert "转移性收入" == reading(text).claims[2].named


def test_a_sum_without_additions_is_the_revenue_itself() -> None:
    text = "2024年全市政府性基金收入合计36.2亿元，为变动预算的97%。"
    expected = """
        government_fund citywide - revenue 2024 actual                 36.2 亿元 1 1
        ″               ″        ″ ″       ″    actual_pct_of_adjusted 97   %    0 0
    """
    assert table(expected) == claims(text)


def test_amounts_in_万元_have_separators_and_absolute_changes_are_signed() -> None:
    text = "2025年，一般公共预算收入完成133,810万元，完成调整预算数的96.5%，同比下降0.2%，减收268万元。"
    expected = """
        general_public citywide - revenue 2025 actual                 133810 万元 0 0
        ″              ″        ″ ″       ″    actual_pct_of_adjusted 96.5   %    1 1
        ″              ″        ″ ″       ″    growth_on_prior_year   -0.2   %    1 1 下降
        ″              ″        ″ ″       ″    change_on_prior_year   -268   万元 0 0 减收
    """
    assert table(expected) == claims(text)


def test_the_same_revenue_on_two_bases_is_two_claims() -> None:
    text = (
        "2022年一般公共预算收入完成28，583万元（自然口径），占调整预算105.47%，同比下降3.05%，"
        "（同口径）完成30，161万元，同比增长14.62%。"
    )
    expected = """
        general_public citywide - revenue 2022 actual                 28583  万元 0 0 -    - natural
        ″              ″        ″ ″       ″    actual_pct_of_adjusted 105.47 %    2 2 -    - natural
        ″              ″        ″ ″       ″    growth_on_prior_year   -3.05  %    2 2 下降 - natural
        ″              ″        ″ ″       ″    actual                 30161  万元 0 0 -    - comparable
        ″              ″        ″ ″       ″    growth_on_prior_year   14.62  %    2 2 增长 - comparable
    """
    assert table(expected) == claims(text)


def test_ratios_of_a_total_are_not_ratios_of_the_revenue() -> None:
    text = "2023年决算，全区一般公共预算总收入1011746万元，完成预算数107.06%，比上年增加64820万元，增长6.85%。"
    expected = """
        general_public citywide - revenue 2023 total                      1011746 万元 0 0
        ″              ″        ″ ″       ″    total_pct_of_budget        107.06  %    2 2
        ″              ″        ″ ″       ″    total_change_on_prior_year 64820   万元 0 0 增加
        ″              ″        ″ ″       ″    total_growth_on_prior_year 6.85    %    2 2 增长
    """
    assert table(expected) == claims(text)


def test_final_accounts_are_compared_with_the_execution_reported_before() -> None:
    text = "2024年全市一般公共预算收入决算数为135.3亿元，比执行数增加0.2亿元，比预算超收0.6亿元；支出决算数为310.2亿元，增速为-5.2%。"
    expected = """
        general_public citywide - revenue     2024 actual               135.3 亿元 1 1
        ″              ″        ″ ″           ″    change_on_actual     0.2   亿元 1 1 增加
        ″              ″        ″ ″           ″    change_on_budget     0.6   亿元 1 1 超收
        ″              ″        ″ expenditure ″    actual               310.2 亿元 1 1
        ″              ″        ″ ″           ″    growth_on_prior_year -5.2  %    1 1 增速
    """
    assert table(expected) == claims(text)


def test_full_width_digits_and_signs_are_digits_and_signs() -> None:
    text = "２０２４年，全市政府性基金收入完成１２．５亿元，为年初预算的９８．６％，同比上升３．２％。"
    expected = """
        government_fund citywide - revenue 2024 actual                12.5 亿元 1 1
        ″               ″        ″ ″       ″    actual_pct_of_initial 98.6 %    1 1
        ″               ″        ″ ″       ″    growth_on_prior_year  3.2  %    1 1 上升
    """
    assert table(expected) == claims(text)


def test_numbers_in_words_are_numbers() -> None:
    text = "2024年全市一般公共预算支出完成一百零三点五亿元，同比增长百分之四点五。"
    expected = """
        general_public citywide - expenditure 2024 actual               103.5 亿元 1 1
        ″              ″        ″ ″           ″    growth_on_prior_year 4.5   %    1 1 增长
    """
    assert table(expected) == claims(text)


def test_no_change_is_a_growth_of_nought() -> None:
    text = "2024年全市一般公共预算收入与上年持平，支出零增长。"
    expected = """
        general_public citywide - revenue     2024 growth_on_prior_year 0 % 0 0 持平
        ″              ″        ″ expenditure ″    growth_on_prior_year 0 % 0 0 零增长
    """
    assert table(expected) == claims(text)


def test_lines_are_claims_of_their_own_and_keep_their_book() -> None:
    text = (
        "2024年全市税收收入94.1亿元，占一般公共预算收入的70.2%，比上年提高1.2个百分点；非税收入39.9亿元，下降3.1%。"
        "教育支出52.3亿元，占一般公共预算支出的16.8%。"
    )
    expected = """
        general_public citywide - revenue.tax     2024 actual                     94.1 亿元   1 1
        ″              ″        ″ ″               ″    share_of_revenue           70.2 %      1 1
        ″              ″        ″ ″               ″    share_change_on_prior_year 1.2  百分点 1 1 提高
        ″              ″        ″ revenue.nontax  ″    actual                     39.9 亿元   1 1
        ″              ″        ″ ″               ″    growth_on_prior_year       -3.1 %      1 1 下降
        ″              ″        ″ expenditure.205 ″    actual                     52.3 亿元   1 1
        ″              ″        ″ ″               ″    share_of_expenditure       16.8 %      1 1
    """
    assert table(expected) == claims(text)


def test_a_budget_is_compared_with_what_it_names() -> None:
    text = "2026年，市级一般公共预算收入预算31.2亿元，比2025年执行数增长4.5%左右；支出预算约108.6亿元，比上年年初预算增长3.5%。"
    expected = """
        general_public city_level - revenue     2026 budget                         31.2  亿元 1 1
        ″              ″          ″ ″           ″    growth_on_prior_year           4.5   %    1 1 增长 左右
        ″              ″          ″ expenditure ″    budget                         108.6 亿元 1 1 -    约
        ″              ″          ″ ″           ″    growth_on_prior_initial_budget 3.5   %    1 1 增长
    """
    assert table(expected) == claims("2026年预算草案", text)


def test_the_budget_of_the_year_executed_is_the_initial_budget() -> None:
    text = "市级一般公共预算收入预算31.2亿元，执行中调整到30.8亿元，调整后的预算为30.8亿元，完成30.9亿元。"
    measures = [row[5] for row in claims("一、2025年预算执行情况", text)]
    assert ["initial_budget", "adjusted_budget", "adjusted_budget", "actual"] == measures


def test_insurance_funds_have_subsidies_and_balances() -> None:
    text = "2024年全市社保基金收入109亿元，其中：财政补贴收入40.3亿元；支出102.1亿元，当年结余6.9亿元，累计结余94.5亿元，可支付11个月。"
    expected = """
        social_insurance citywide - revenue     2024 actual          109   亿元 0 1
        ″                ″        ″ ″           ″    fiscal_subsidy  40.3  ″    1 1
        ″                ″        ″ expenditure ″    actual          102.1 ″    1 1
        ″                ″        ″ balance     ″    surplus_of_year 6.9   ″    1 1
        ″                ″        ″ ″           ″    closing_balance 94.5  ″    1 1
    """
    assert table(expected) == claims(text)


def test_debt_is_told_by_short_words_once_it_is_spoken_of() -> None:
    text = (
        "2024年省财政厅下达我市新增政府债务限额10.2亿元，其中一般3.1亿元、专项7.1亿元。年末政府债务余额90.5亿元，比上年增长5.2%。"
        "偿还政府债券本金12.3亿元（不含再融资债券），支付利息2.6亿元。"
    )
    expected = """
        debt citywide - total   2024 debt_limit_new                    10.2 亿元 1 1
        ″    ″        ″ general ″    ″                                 3.1  ″    1 1
        ″    ″        ″ special ″    ″                                 7.1  ″    1 1
        ″    ″        ″ total   ″    debt_balance                      90.5 ″    1 1
        ″    ″        ″ ″       ″    debt_balance_growth_on_prior_year 5.2  %    1 1 增长
        ″    ″        ″ ″       ″    principal_repaid                  12.3 亿元 1 1
        ″    ″        ″ ″       ″    interest_paid                     2.6  ″    1 1
    """
    assert table(expected) == claims(text)


@pytest.mark.parametrize("span", ["2025年1-6月", "前10个月", "前三季度", "第一季度", "上半年", "截至11月底"])
def test_a_part_of_the_year_is_not_the_year(span: str) -> None:
    text = f"{span}，全市一般公共预算收入完成70.2亿元，占年初预算的52.1%，增长3.4%。"
    measures = [claim.measure for claim in reading("一、2025年预算执行情况", text).claims]
    expected = ["actual_to_date", "actual_to_date_pct_of_initial", "actual_to_date_growth_on_prior_year"]
    assert expected == measures


def test_unnumbered_headings_say_what_follows_is_about() -> None:
    text = [
        "关于某市2025年预算执行情况和2026年预算草案的报告",
        "2025年预算执行情况",
        "一般公共预算",
        "全市收入完成135.2亿元，增幅5.1%；支出完成311.9亿元，降幅5.8%。",
        "市级收入完成30.4亿元。政府性基金收入完成20.6亿元。",
    ]
    expected = """
        general_public  citywide   - revenue     2025 actual               135.2 亿元 1 1
        ″               ″          ″ ″           ″    growth_on_prior_year 5.1   %    1 1 增幅
        ″               ″          ″ expenditure ″    actual               311.9 亿元 1 1
        ″               ″          ″ ″           ″    growth_on_prior_year -5.8  %    1 1 降幅
        ″               city_level ″ revenue     ″    actual               30.4  亿元 1 1
        government_fund ″          ″ ″           ″    ″                    20.6  ″    1 1
    """
    assert table(expected) == claims(*text)


def test_a_comparison_with_other_places_is_no_budget_figure() -> None:
    read = reading("2025年全市一般公共预算收入同口径增长5.1%，高于全省平均水平2个百分点，总量居全省第4位。")
    assert ["5.1%"] == [claim.printed for claim in read.claims]
    assert [("日期", "2025年"), ("其他事物的比率", "2个百分点"), ("位次", "第4")] == [
        (other.kind, other.printed) for other in read.others
    ]
