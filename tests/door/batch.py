"""A batch as a command runs it: `python -m tests.door.batch FOLDER` prints one line of JSON for each file, then its memory."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator

from budgetbook.door.candidates import Candidate, Skipped
from budgetbook.door.collect import collect
from budgetbook.door.kinds import Kind, refusal
from budgetbook.door.workers import Killed, Workers
from tests.memory import peak

from .work import Read, read


def main(folder: str) -> None:
    with Workers(read, jobs=2) as pool:
        before = time.monotonic()
        for candidate, result in pool.run(_workbooks(folder)):
            _answer(candidate, result, time.monotonic() - before)
            before = time.monotonic()
    print(json.dumps({"parent": peak()}))


def _workbooks(folder: str) -> Iterator[Candidate]:
    """The workbooks in a folder; everything else is answered on the way."""
    for found in collect([folder]):
        if isinstance(found, Skipped):
            _say(found.path, found.code, found.says)
        elif found.kind is Kind.XLSX:
            yield found
        else:
            _say(found.path, found.kind.code, refusal(found.kind, found.path))


def _answer(candidate: Candidate, result: Read | Killed, seconds: float) -> None:
    if isinstance(result, Killed):
        _say(candidate.path, result.code, result.says)
    elif result.verdict.refusals:
        (remark,) = result.verdict.refusals
        _say(candidate.path, remark.code, remark.says, peak=result.peak, seconds=seconds)
    else:
        _say(candidate.path, "read", "", peak=result.peak, seconds=seconds, rows=len(result.cells))


def _say(path: str, code: str, says: str, **more: float) -> None:
    print(json.dumps({"path": path, "code": code, "says": says, **more}))


if __name__ == "__main__":
    main(sys.argv[1])
