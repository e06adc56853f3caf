"""The program: the commands, and how a Ctrl-C ends that comes before they are loaded."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command on the command line; exits with its code."""
    try:
        from .cli import main as commands
    except KeyboardInterrupt:
        print("已中断；还没有开始，什么都没有写。", file=sys.stderr)
        raise SystemExit(130) from None
    commands()


if __name__ == "__main__":
    main()
