"""One line on the terminal; nothing where standard error is none, or in any process but the first."""

from __future__ import annotations

import sys


class ProgressLine:
    def __init__(self, is_shown: bool) -> None:
        self._is_shown = is_shown and sys.stderr.isatty()

    def update(self, text: str) -> None:
        if self._is_shown:
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self._is_shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
