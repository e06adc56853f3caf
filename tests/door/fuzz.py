"""Coverage-guided fuzzing of what sees hostile bytes first: `python -m tests.door.fuzz sniff|preflight|xml|old|open [-runs=N] …`.

Arguments after the target are libFuzzer's. A crash is an exception other than the door's own, or a step of more than twenty
seconds (`-timeout=20`); the input that caused it is left in the folder of `-artifact_prefix`. `sniff` and `preflight` are given
whole files, `xml` is given the text of a sheet, put into a sound archive, so that inputs get past the checksums; so are `old`
the records of an .xls and `open` the content of an .ods.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["budgetbook.door"]):
    from budgetbook.door.biff import preflight_old
    from budgetbook.door.limits import LIMITS
    from budgetbook.door.ole import whole
    from budgetbook.door.opendocument import CONTENT, preflight_open
    from budgetbook.door.preflight import preflight, unpack
    from budgetbook.door.remarks import Refused
    from budgetbook.door.sniff import sniff

from budgetbook.sheet import Cell, Sheet, Style

from .cases import CASES
from .old_formats import MIMETYPE
from .older import OLDER
from .packages import SHEET, compound, packed, parts
from .test_sniff import FILES

LARGEST = 56 << 10
SMALL = replace(LIMITS, cells=20_000, box=100_000, merged=20_000)  # what is repeated is soon too much
_CELLS = [Cell(0, 0, "科目", Style("plain")), Cell(1, 1, 167.0, Style("plain")), Cell(2, 1, 1.0, Style("plain"), "=1")]
FEW = [Sheet(name, _CELLS, [10.0]) for name in ("封面", "收入")]


def xml(content: bytes) -> object:
    return preflight(packed({**parts(), SHEET: content}))


def old(content: bytes) -> object:
    return preflight_old(compound(("Workbook", content)), SMALL)


def open_content(content: bytes) -> object:
    return preflight_open(packed({"mimetype": MIMETYPE, CONTENT: content}), SMALL)


TARGETS: dict[str, Callable[[bytes], object]] = {
    "sniff": sniff, "preflight": preflight, "xml": xml, "old": old, "open": open_content,
}  # fmt: skip


def seeds(target: str) -> list[bytes]:
    """What mutation starts from: the corpus, as far as it is small."""
    if target == "xml":
        found = [parts()[SHEET]]
        for case in CASES:
            try:
                found.append(unpack(case.make()).get(SHEET, b""))
            except Refused:
                continue
        return [each for each in found if len(each) < LARGEST]
    if target in ("old", "open"):
        kept = [make(FEW, ("收入", 1, 1)) for make, _ in OLDER.values()]
        if target == "old":
            return [records for each in kept if (records := whole(each, "Workbook"))]
        return [unpack(each)[CONTENT] for each in kept if each.startswith(b"PK")]
    made = [case.make() for case in CASES] + [content for content, _ in FILES.values()]
    return [content for content in made if len(content) < LARGEST]


def main(target: str, options: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, content in enumerate(seeds(target)):
            (Path(folder) / f"{number}").write_bytes(content)
        run = TARGETS[target]
        usual = ["-timeout=20", f"-max_len={LARGEST}", "-print_final_stats=1", "-rss_limit_mb=2048"]
        atheris.Setup([sys.argv[0], *usual, *options, folder], lambda content: run(content) and None)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
