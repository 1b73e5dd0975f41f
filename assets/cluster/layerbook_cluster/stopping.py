"""Ctrl-C and the end of a job's time, which every process must heed at the same step."""

from __future__ import annotations

import signal
import time
from typing import Any

from .group import Group

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopping:
    """Notes that somebody asked to stop; the first process's clock says when to save."""

    def __init__(self, group: Group, minutes_between_saves: float) -> None:
        self._group = group
        self._interval = 60 * minutes_between_saves
        self._saved = time.monotonic()
        self._was_asked = False
        for number in SIGNALS:
            signal.signal(number, self._note)

    def _note(self, number: int, frame: Any) -> None:
        self._was_asked = True

    def ask(self) -> tuple[bool, bool]:
        """Whether to stop and whether to save, the same answer in every process."""
        is_due = self._group.is_first and time.monotonic() - self._saved > self._interval
        answers = self._group.gather((self._was_asked, is_due))
        stops, saves = any(stop for stop, _ in answers), any(due for _, due in answers)
        if saves:
            self._saved = time.monotonic()
        return stops, saves

    def close(self) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
