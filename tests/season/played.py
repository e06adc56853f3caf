"""A season played through by commands alone, each step asserted on: three rounds, two late, a waiver, a lock, a stale total, the papers."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from budgetbook.book import Book
from budgetbook.workspace import Workspace
from tests.season.city import run

TODAY = dt.date.today()
LATE = (TODAY - dt.timedelta(days=2)).isoformat()
LATER = (TODAY + dt.timedelta(days=5)).isoformat()


@dataclass(frozen=True, slots=True)
class Stage:
    """A city of twelve: its clean books, faults by kind (book → workbook), what the congress changed, and whom it all befalls."""

    space: Workspace
    clean: Callable[[str], Book]
    faults: Mapping[str, Callable[[Book], bytes]]
    approved: Callable[[str], Book]
    late: Sequence[str]  # two
    faulty: Sequence[str]  # one for each kind
    waived: str  # a unit whose finding is waived in the second round
    changed: str  # whose congress approved another figure
    cell: str  # where that shows in the book of the root

    @property
    def leaves(self) -> list[str]:
        return [unit.code for unit in self.space.catalogue.tree.leaves]

    def name(self, code: str) -> str:
        return self.space.catalogue.tree[code].name

    def ask(self, *words: object, code: int = 0) -> str:
        result = run(*words, "-w", self.space.folder)
        assert code == result.exit_code, (words, result.output, result.exc_info)
        return result.output

    def send(self, unit: str, content: bytes | None = None, name: str = "") -> None:
        path = self.space.returned / f"{name or unit}.xlsx"
        path.write_bytes(content or self.space.package(self.clean(unit)))

    def check(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(run("check", "-w", self.space.folder, "--json", "-").stdout)
        return told

    def status(self) -> dict[str, Any]:
        """The same with the ledger, without it, and with it made anew."""
        ledger = self.space.season / "ledger.sqlite"
        told = [self._status()]
        ledger.unlink(missing_ok=True)
        told += [self._status(), self._status()]
        assert told[0] == told[1] == told[2]
        return told[0]

    def _status(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(run("status", "-w", self.space.folder, "--json", "-").stdout)
        return told

    def states(self) -> dict[str, str]:
        return {each["unit"]: each["state"] for each in self.status()["units"]}

    def totals(self) -> dict[str, dict[str, Any]]:
        return {each["unit"]: each for each in self.status()["totals"]}


def judged(told: dict[str, Any], unit: str) -> tuple[str, int]:
    """What a unit's state is by the findings of a check, reckoned apart from the program."""
    mine = [each for each in told["findings"] if each["unit"] == unit and not each["waiver"]]
    wrong = sum(each["severity"] == "error" for each in mine)
    asked = sum(each["severity"] == "warning" and not each["explanation"] for each in mine)
    if wrong or asked:
        return ("wrong", wrong) if wrong else ("unexplained", asked)
    settled = len(mine) < sum(each["unit"] == unit for each in told["findings"])
    return ("explained" if settled or any(each["explanation"] for each in mine) else "received"), 0


def agrees(stage: Stage, told: dict[str, Any], sent: Sequence[str]) -> None:
    """Every unit that sent something stands as the check says, form by form."""
    for each in stage.status()["units"]:
        if each["unit"] in sent and each["state"] not in ("accepted", "locked"):
            assert judged(told, each["unit"]) == (each["state"], each["count"]), each
            by_form = Counter(
                (found["form"], found["severity"])
                for found in told["findings"]
                if found["unit"] == each["unit"] and not found["waiver"] and not found["explanation"]
            )
            for form in each["forms"]:
                wrong, asked = by_form[form["form"], "error"], by_form[form["form"], "warning"]
                shown = {"wrong": wrong, "unexplained": asked if not wrong else -1}.get(form["state"], 0)
                assert form["count"] == shown, (each["unit"], form)


def play(stage: Stage) -> None:
    """From the first template to the filed papers."""
    root = stage.space.catalogue.tree.units[0].code
    on_time = [code for code in stage.leaves if code not in stage.late]
    _issue(stage)
    _first_round(stage, on_time)
    _second_round(stage, on_time)
    _third_round(stage, root)
    _lock(stage, root)
    _congress(stage, root)
    _papers(stage, root)


def _issue(stage: Stage) -> None:
    config = stage.space.folder / "budgetbook.toml"
    text = f"deadline = {LATER}\n" + config.read_text(encoding="utf-8")
    for code in stage.late:
        text = re.sub(f'(code = "{code}"\n)', rf"\1deadline = {LATE}\n", text)
    config.write_text(text, encoding="utf-8")
    assert {"unissued"} == set(stage.states().values())
    stage.ask("template")
    expected = dict.fromkeys(stage.leaves, "issued") | dict.fromkeys(stage.late, "missing")
    assert expected == stage.states()
    assert {2} == {each["late"] for each in stage.status()["units"] if each["unit"] in stage.late}


def _first_round(stage: Stage, on_time: Sequence[str]) -> None:
    for code in on_time:
        stage.send(code)
    for code, fault in zip(stage.faulty, stage.faults.values(), strict=True):
        stage.send(code, fault(stage.clean(code)))
    told = stage.check()
    agrees(stage, told, on_time)
    states = stage.states()
    assert [] == [code for code in stage.faulty if states[code] != "wrong"]
    assert {"missing"} == {states[code] for code in stage.late}
    assert "还有强制" in stage.ask("accept", stage.faulty[0], code=2)
    assert "还没有收到" in stage.ask("accept", stage.late[0], code=2)
    reminders = stage.space.out / "催报"
    stage.ask("status", "--remind", reminders)
    texts = {path.stem.split("_")[1]: path.read_text(encoding="utf-8-sig") for path in reminders.iterdir()}
    assert {*stage.late, *stage.faulty} <= texts.keys()
    assert "已逾期 2 天" in texts[stage.late[0]] and "项必须改正" in texts[stage.faulty[0]]
    said = stage.ask("consolidate", code=2)
    assert all(stage.name(code) in said for code in stage.late)
    waiting = stage.totals()[stage.space.catalogue.tree.units[0].code]
    assert ("none", list(stage.late)) == (waiting["state"], waiting["missing"])


def _second_round(stage: Stage, on_time: Sequence[str]) -> None:
    *mended, again = stage.faulty
    for code in mended:
        stage.send(code, name=f"{code}修改")
    stage.send(again, next(iter(stage.faults.values()))(stage.clean(again)), f"{again}修改")
    stage.send(stage.late[0])
    told = stage.check()
    sent = [*on_time, stage.late[0]]
    agrees(stage, told, sent)
    before = judged(told, stage.waived)
    worst = [each for each in told["findings"] if each["unit"] == stage.waived and each["severity"] != "note"]
    print_ = next(each["fingerprint"] for each in worst if not each["explanation"])
    stage.ask("waive", print_, "--by", "预算科", "--why", "已请示，按实际执行数填列")
    told = stage.check()
    agrees(stage, told, sent)
    states, versions = stage.states(), {each["unit"]: each["version"] for each in stage.status()["units"]}
    assert before != judged(told, stage.waived)
    assert "wrong" == states[again] != states[stage.waived]
    assert [2] * len(mended) == [versions[code] for code in mended]
    assert [] == [code for code in mended if states[code] == "wrong"]


def _third_round(stage: Stage, root: str) -> None:
    again = stage.faulty[-1]
    stage.send(again, name=f"{again}再改")
    stage.send(stage.late[1])
    agrees(stage, stage.check(), stage.leaves)
    states = stage.states()
    assert set() == {"wrong", "missing"} & set(states.values())
    assert "还没有接收，这次汇总用的是它们最新的版本" in run("consolidate", "-w", stage.space.folder).stdout
    assert stage.leaves == sorted(stage.totals()[root]["unaccepted"], key=stage.leaves.index)
    assert "没接收的单位" in stage.ask("accept", root, code=2)
    for code in stage.leaves:
        stage.ask("accept", code, "--by", "张三", *(["--why", "已核实"] if states[code] == "unexplained" else []))
    assert {"accepted"} == set(stage.states().values())


def _lock(stage: Stage, root: str) -> None:
    result = run("consolidate", "--accepted", "-w", stage.space.folder)
    assert "还没有接收" not in result.stdout and result.exit_code in (0, 1), result.output
    assert {"current"} == {each["state"] for each in stage.totals().values()}
    stage.ask("accept", root, "--by", "李四")
    assert ({"locked"}, "accepted") == (set(stage.states().values()), stage.totals()[root]["state"])
    assert "锁定" in stage.ask("reopen", stage.changed, "--why", "改数", code=2)


def _congress(stage: Stage, root: str) -> None:
    """The county's congress approved another number: the newer return waits until somebody reopens, and then the total is stale."""
    stage.send(stage.changed, stage.space.package(stage.approved(stage.changed)), f"{stage.changed}批准")
    told = stage.check()
    assert ["note"] == [each["severity"] for each in told["findings"] if each["rule"] == "F-05"]
    assert "locked" == stage.states()[stage.changed]
    stage.ask("reopen", root, "--why", "人代会批准数与草案不同")
    stage.ask("reopen", stage.changed, "--why", "人代会批准数与草案不同")
    stage.check()
    whole = stage.totals()
    assert {"stale"} == {each["state"] for each in whole.values() if stage.changed in each["changed"]}
    assert [stage.changed] == whole[root]["changed"]
    stage.ask("accept", stage.changed, "--by", "张三", "--why", "批准数")
    assert "已过时" in stage.ask("accept", root, code=2)
    drafts = stage.space.folder / "草案"
    drafts.mkdir()
    for path in (stage.space.season / "archive").rglob(f"{stage.changed}*.xlsx"):
        if "批准" not in path.name:
            (drafts / f"{stage.changed}.xlsx").write_bytes(path.read_bytes())
    new = stage.space.returned / f"{stage.changed}批准.xlsx"
    said = stage.ask("why", drafts, new, stage.cell, "--unit", stage.changed)
    assert stage.name(stage.changed) in said
    run("consolidate", "--accepted", "-w", stage.space.folder)
    assert {"current"} == {each["state"] for each in stage.totals().values()}
    stage.ask("accept", root, "--by", "李四")
    assert {"locked"} == set(stage.states().values())


def _papers(stage: Stage, root: str) -> None:
    papers = stage.space.out / "附表"
    result = run("attach", "-w", stage.space.folder, "-o", papers)
    assert result.exit_code in (0, 1) and (papers / "附表.xlsx").is_file(), (result.output, result.exception)
    assert not re.search("P-11|P-14", result.output), result.output
    whole = Path(stage.totals()[root]["file"])
    said = stage.ask("explain", stage.space.folder / whole, stage.cell)
    assert f"{stage.changed}批准.xlsx" in said
