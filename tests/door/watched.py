"""A command under watch: `python -m tests.door.watched REPORT ARGUMENTS…` runs budgetbook and writes what it reached for.

The hook is inherited by the workers, which are forked: what they try is written down as well.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import sys
from pathlib import Path

from .work import peak

_SEEN = os.open(sys.argv[1] + ".events", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.__new__" and arguments[1] != socket.AF_UNIX:  # pipes to the workers are no network
        os.write(_SEEN, f"{event} {arguments[1]}\n".encode())
    elif event in ("socket.connect", "socket.getaddrinfo", "socket.bind"):
        os.write(_SEEN, f"{event}\n".encode())


def main() -> None:
    from budgetbook.cli import main as command

    sys.addaudithook(_watch)
    code: object = 0
    try:
        command(sys.argv[2:], standalone_mode=False)
    except SystemExit as left:
        code = left.code
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    events = Path(sys.argv[1] + ".events").read_text().splitlines()
    report = {"code": code, "parent": peak(), "worker": children, "events": events}
    Path(sys.argv[1]).write_text(json.dumps(report))


if __name__ == "__main__":
    main()
