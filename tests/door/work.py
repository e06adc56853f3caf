"""What the tests give to workers: sound work, and every way in which work can go wrong."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import python_calamine

from budgetbook.door.preflight import preflight
from budgetbook.door.remarks import Verdict
from tests.memory import peak

Cells = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Read:
    """A verdict, the first sheet if the verdict allowed to read it, and the peak memory of the process in bytes."""

    verdict: Verdict
    cells: Cells
    peak: int


def read(content: bytes) -> Read:
    """Preflight, then python-calamine: what a reader behind the door does."""
    verdict = preflight(content)
    cells = read_at_once(content) if verdict.admitted else []
    return Read(verdict, cells, peak())


def read_at_once(content: bytes) -> Cells:
    """The first sheet without any preflight."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def length(content: bytes) -> int:
    return len(content)


def process(_content: bytes) -> int:
    return os.getpid()


def obey(content: bytes) -> str:
    """Do what the bytes say."""
    match content.split():
        case [b"sleep", seconds]:
            time.sleep(float(seconds))
        case [b"eat", count]:
            return str(len(bytearray(int(count))))
        case [b"exit", code]:
            os._exit(int(code))
        case [b"abort"]:
            os.abort()
        case [b"crash"]:
            os.kill(os.getpid(), signal.SIGSEGV)
        case [b"raise"]:
            raise ValueError("出乎预料")
        case [b"panic"]:
            raise KeyboardInterrupt("as a Rust panic: no Exception")
        case [b"lambda"]:
            return lambda: None  # type: ignore[return-value]
        case [b"recurse"]:
            return obey(content)
        case [b"print"]:
            os.write(1, b"\x1b[2J out")
            os.write(2, b"\x1b[2J err")
    return content.decode()


def begin(content: bytes) -> bytes:
    """The same as a first half; nothing where it would be too much."""
    return obey(content).encode() if content != b"too much" else b""


def finish(begun: bytes) -> str:
    """The second half."""
    return f"finished {begun.decode()}"


def reach_out(content: bytes) -> str:
    """Try to leave the process in the way that the bytes name, and say what stopped it."""
    way, _, path = content.decode().partition(" ")
    ways: dict[str, Callable[[], object]] = {
        "connect": lambda: socket.create_connection(("127.0.0.1", 9)),
        "resolve": lambda: socket.getaddrinfo("localhost", 80),
        "socket": lambda: socket.socket(),
        "program": lambda: subprocess.run(["true"], check=True),
        "shell": lambda: os.system("true"),
        "fork": lambda: os.fork(),
        "write": lambda: Path(path).write_text("x"),
        "append": lambda: Path(path).open("a"),  # noqa: SIM115  # it must not open
        "create": lambda: os.open(path, os.O_CREAT | os.O_WRONLY),
        "delete": lambda: Path(path).unlink(),
        "rename": lambda: Path(path).rename(path + "x"),
        "folder": lambda: Path(path).mkdir(),
    }
    try:
        ways[way]()
    except PermissionError as error:
        return str(error)
    return "nothing stopped it"
