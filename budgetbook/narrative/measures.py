"""Which measure a number has, by the words before it: the grammar of amounts, ratios and changes."""

from __future__ import annotations

from dataclasses import dataclass

from .phrase import Phrase
from .subject import Subject

PLAIN = frozenset(("", "actual", "budget"))  # growth and shares of these need not say of what
BUDGETS = {"budget": "budget", "initial_budget": "initial", "adjusted_budget": "adjusted"}
OTHERS = {"revenue": "other_sources", "expenditure": "other_uses"}
NEGATIVE = frozenset(("down", "below", "under"))
CARRIED = frozenset((*BUDGETS, "actual", "actual_to_date", "pre_approval_spending"))  # what 其中 breaks down


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known before the words of a clause are read."""

    year: int | None  # of the subject
    drafted: int | None  # the year whose budget is proposed
    amount: str  # measure of the last amount
    ratio: str  # measure of the last ratio
    adding: str  # the side that items are added to, between 加上 and 总计
    renamed: str  # what the text calls 预算 for short, once it has said 以下简称预算


def amount_measure(phrase: Phrase, setting: Setting) -> str:
    """The measure of an amount of money; empty when it cannot be told."""
    if phrase.direction:
        return "" if _limits(phrase) else _change("change", phrase, setting)
    if phrase.reference:
        return ""
    if setting.adding and (not phrase.amount or phrase.subject.budget == "debt"):
        return OTHERS.get(setting.adding, "")
    if setting.adding and phrase.amount == "sum":
        return "total"
    if phrase.amount:
        return _settled(phrase.amount, phrase.subject, setting)
    return _bare(phrase, setting)


def _limits(phrase: Phrase) -> bool:
    """低于限额 10 亿元 may give the limit or the distance to it."""
    return phrase.direction in ("above", "below") and any(word.kind == "amount" for word in phrase.reference)


def _settled(amount: str, subject: Subject, setting: Setting) -> str:
    """预算 is the initial budget of a year under execution; 收入合计 without 加上 is the revenue itself."""
    if amount == "sum":
        return _by_year(subject, setting)
    if amount == "actual":
        return _actual(subject, setting)
    return "initial_budget" if amount == "budget" and setting.drafted != setting.year else amount


def _bare(phrase: Phrase, setting: Setting) -> str:
    """An amount with no word for what it is: as the last one if it is a part of it, else by its year."""
    if phrase.noun in ("scope", "unit") or (phrase.noun == "line" and phrase.part and setting.amount in CARRIED):
        return setting.amount
    if phrase.subject.budget == "debt":
        return setting.amount if phrase.noun == "line" and phrase.part else ""
    return _by_year(phrase.subject, setting) if phrase.noun == "line" else ""


def _by_year(subject: Subject, setting: Setting) -> str:
    drafted = setting.year == setting.drafted and not subject.within_year
    return "budget" if drafted else _actual(subject, setting)


def _actual(subject: Subject, setting: Setting) -> str:
    if not subject.within_year:
        return "actual"
    return "pre_approval_spending" if setting.year == setting.drafted else "actual_to_date"


def ratio_measure(phrase: Phrase, setting: Setting) -> str:
    """The measure of a percentage; empty when it cannot be told."""
    if phrase.direction:
        return "growth_target" if phrase.target else _change("growth", phrase, setting)
    if phrase.ratio:
        return phrase.ratio
    if phrase.share:
        return _share(phrase, setting)
    if phrase.amount in BUDGETS:
        return _completion(phrase.amount, phrase, setting)
    return "growth_target" if phrase.target and not phrase.amount else ""


def points_measure(phrase: Phrase, setting: Setting) -> str:
    """The measure of a difference of percentages from the year before; empty when it is from something else."""
    if not phrase.direction or phrase.target or _versus(phrase) != "prior_year" or not setting.ratio:
        return ""
    for stem in ("share", "growth", "pct"):
        if stem in setting.ratio:
            return f"{stem}_change_on_prior_year"
    return ""


def _change(noun: str, phrase: Phrase, setting: Setting) -> str:
    versus = _versus(phrase)
    return f"{_of(phrase, setting)}{noun}_on_{versus}" if versus else ""


def _of(phrase: Phrase, setting: Setting) -> str:
    amount = phrase.amount or ("" if phrase.noun in ("line", "budget") else setting.amount)
    if amount == "budget" and setting.year != setting.drafted:
        amount = "initial_budget"
    return "" if amount in PLAIN else f"{amount}_"


def _versus(phrase: Phrase) -> str:
    """What a change is measured against: the year before, or an amount of this year; empty for anything else."""
    if any(word.kind not in ("amount", "speech") for word in phrase.reference):
        return ""
    amounts = [word.name for word in phrase.reference if word.kind == "amount"]
    if len(amounts) == len(phrase.reference):
        return amounts[-1] if amounts else "budget" if phrase.direction in ("over", "under") else "prior_year"
    return "prior_year" if not amounts or amounts[-1] == "actual" else f"prior_{amounts[-1]}"


def _share(phrase: Phrase, setting: Setting) -> str:
    amounts = [word.name for word in phrase.reference if word.name in BUDGETS]
    if amounts:
        return _completion(amounts[-1], phrase, setting)
    flows = [word.flow for word in phrase.reference if word.flow]
    scopes = [word.scope for word in phrase.reference if word.scope and word.scope != phrase.subject.scope]
    wholes = scopes or flows or ([phrase.subject.root] if "." in phrase.subject.flow else [])
    return f"share_of_{wholes[-1]}" if wholes else ""


def _completion(budget: str, phrase: Phrase, setting: Setting) -> str:
    said = setting.renamed or budget if budget == "budget" else budget
    amount = "" if phrase.noun == "line" else setting.amount
    done = "actual" if amount in PLAIN or amount in BUDGETS else amount
    return f"{done}_pct_of_{BUDGETS[said]}"
