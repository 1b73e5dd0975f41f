"""The settings of a self-distillation, as `layerbook distill --settings` reads them."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .errors import UsageError, nearest_hint

# What stands in the record of a run and cannot be chosen.
FIXED = {"objective": "self-distillation", "optimizer": "AdamW", "schedule": "cosine"}


@dataclass(frozen=True)
class Settings:
    """Everything an author chooses; README.md says what each means."""

    train: int = 1000
    steps: int = 100
    batch: int = 16
    length: int = 128
    rate: float = 1e-4
    warmup: int = 0
    decay: float = 0.01
    clip: float = 0.0
    kl: str = "forward"
    norm: str = "recompute"
    # `lambda` in the file: a word of Python's own.
    weight: float = 1.0
    gamma: float = 0.25
    detach: str = "none"
    seed: int = 42
    # Whether the file says how many texts train, and how long a window is: then it must be possible.
    gives_train: bool = False
    gives_length: bool = False

    @staticmethod
    def read(path: Path | None) -> Settings:
        """The settings of a file; defaults where it says nothing, and for no file at all."""
        if path is None:
            return Settings()
        try:
            found = json.loads(path.read_bytes())
        except OSError as error:
            raise UsageError(f"cannot read '{path}': {error.strerror}") from None
        except ValueError as error:
            raise UsageError(f"'{path}' is not JSON: {error}") from None
        if not isinstance(found, dict):
            raise UsageError(f"'{path}' holds no JSON object of settings")
        values: dict[str, Any] = {f"gives_{name}": name in found for name in ("train", "length")}
        for name, value in found.items():
            if name in FIXED:
                if value != FIXED[name]:
                    raise UsageError(f"'{path}': {name} is {json.dumps(value)}, and only '{FIXED[name]}' is known")
                continue
            if name not in RULES:
                names = [*RULES, *FIXED]
                raise UsageError(f"'{path}': '{name}' is no setting", nearest_hint(name, names, "settings"))
            values["weight" if name == "lambda" else name] = RULES[name].checked(value, f"'{path}': {name}")
        return Settings(**values)

    @property
    def record(self) -> dict[str, Any]:
        """The settings as a checkpoint's metadata keep them."""
        values = asdict(self)
        values["lambda"] = values["weight"]
        return FIXED | {name: values[name] for name in RULES}

    def rate_at(self, step: int) -> float:
        """The learning rate of a step, from 0: up a straight line, then down half a cosine."""
        if step < self.warmup:
            return self.rate * step / max(1, self.warmup)
        progress = (step - self.warmup) / max(1, self.steps - self.warmup)
        return self.rate * max(0.0, 0.5 * (1 + math.cos(math.pi * progress)))


@dataclass(frozen=True)
class _Whole:
    least: int
    most: int

    def checked(self, value: Any, what: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            raise UsageError(f"{what} is {json.dumps(value)}, expected a whole number from {self.least} to {self.most}")
        return value


@dataclass(frozen=True)
class _Number:
    least: float
    most: float

    def checked(self, value: Any, what: str) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not self.least <= value <= self.most:
            raise UsageError(f"{what} is {json.dumps(value)}, expected a number from {self.least} to {self.most}")
        return float(value)


@dataclass(frozen=True)
class _Choice:
    words: tuple[str, ...]

    def checked(self, value: Any, what: str) -> str:
        if value not in self.words:
            raise UsageError(f"{what} is {json.dumps(value)}, expected " + " or ".join(self.words))
        return value


# In the order in which a checkpoint's metadata list them.
RULES: dict[str, _Whole | _Number | _Choice] = {
    "train": _Whole(1, 2**63 - 1),
    "steps": _Whole(1, 10_000_000),
    "batch": _Whole(1, 1_000_000),
    "length": _Whole(2, 1_000_000),
    "rate": _Number(0, 10),
    "warmup": _Whole(0, 10_000_000),
    "decay": _Number(0, 10),
    "clip": _Number(0, 1_000_000),
    "kl": _Choice(("forward", "reverse")),
    "norm": _Choice(("recompute", "none")),
    "lambda": _Number(0, 1_000_000),
    "gamma": _Number(-100, 100),
    "detach": _Choice(("none", "denominator")),
    "seed": _Whole(0, 2**63 - 1),
}
