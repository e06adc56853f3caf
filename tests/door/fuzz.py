"""Coverage-guided fuzzing of what sees hostile bytes first: `python -m tests.door.fuzz sniff|preflight|xml [-runs=N] …`.

Arguments after the target are libFuzzer's. A crash is an exception other than the door's own, or a step of more than twenty
seconds (`-timeout=20`); the input that caused it is left in the folder of `-artifact_prefix`. `sniff` and `preflight` are given
whole files, `xml` is given the text of a sheet, put into a sound archive, so that inputs get past the checksums.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["budgetbook.door"]):
    from budgetbook.door.preflight import preflight, unpack
    from budgetbook.door.remarks import Refused
    from budgetbook.door.sniff import sniff


from .cases import CASES
from .packages import SHEET, packed, parts
from .test_sniff import FILES

LARGEST = 64 << 10


def xml(content: bytes) -> object:
    return preflight(packed({**parts(), SHEET: content}))


TARGETS: dict[str, Callable[[bytes], object]] = {"sniff": sniff, "preflight": preflight, "xml": xml}


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
