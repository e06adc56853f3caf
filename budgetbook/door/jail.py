"""What a worker process gives up before it sees a hostile byte: network, other programs, writing, endless memory."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import resource
except ImportError:  # Windows has no such limits; the time limit still holds
    resource = None  # type: ignore[assignment]

_CLOSED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "ctypes.",
    "winreg.",
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def enter(memory: int) -> None:
    """Confine this process for good. `memory` is in bytes, above what the process has now."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when a batch is interrupted
    _silence()
    _limit(memory)
    sys.dont_write_bytecode = True
    sys.addaudithook(_forbid)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """End this process without a word if the block takes longer, even when it hangs outside Python."""
    if not hasattr(signal, "setitimer"):  # Windows
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)


def _silence() -> None:
    """Libraries in their death throes print what they were fed."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)


def _limit(memory: int) -> None:
    if resource is None:
        return
    for what, most in ((resource.RLIMIT_AS, _in_use() + memory), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        hard = resource.getrlimit(what)[1]
        with suppress(ValueError, OSError):  # macOS refuses some of them
            resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _in_use() -> int:
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    return 1 << 30  # where there is no /proc


def _forbid(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_CLOSED) or (event == "open" and _writes(*arguments[1:3])):
        raise PermissionError(f"a worker may not {event}")


def _writes(mode: object, flags: object) -> bool:
    return bool(isinstance(mode, str) and set(mode) & set("wax+")) or bool(isinstance(flags, int) and flags & _WRITES)
