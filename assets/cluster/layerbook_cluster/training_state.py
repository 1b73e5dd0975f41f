"""A run between two steps, on disk: every process's share of the weights and of the optimizer, to the bit."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from . import tensor_file
from .errors import ClusterError
from .group import Group
from .sharding import parameters

FOLDER = "training-state"
RECORD = "latest.json"
MOMENTS = ("exp_avg", "exp_avg_sq")


def remove_unfinished(out: Path) -> None:
    """Clears the folder of a run that was killed at its first save: no other run can take that up."""
    if [path.name for path in out.iterdir()] == [FOLDER] and not (out / FOLDER / RECORD).exists():
        shutil.rmtree(out / FOLDER)


@dataclass(frozen=True)
class TrainingState:
    """`identity` is everything that decides the weights: a run of others cannot take up this state."""

    folder: Path
    identity: dict[str, Any]
    group: Group

    def save(self, module: nn.Module, optimizer: torch.optim.AdamW, losses: list[float]) -> None:
        """Replaces the state; the one before stays until every process's share of the new one stands."""
        place = self._place(len(losses))
        place.mkdir(parents=True, exist_ok=True)
        share: dict[str, torch.Tensor] = {}
        for name, parameter in parameters(module):
            share[f"weights.{name}"] = parameter.detach().to_local()
            for moment in MOMENTS:
                share[f"{moment}.{name}"] = optimizer.state[parameter][moment].to_local()
        partial = place / f".share-{self.group.rank}.partial"
        save_file({name: value.cpu().contiguous() for name, value in share.items()}, partial)
        partial.replace(place / self._share)
        self.group.wait()
        if self.group.is_first:
            record = {"step": len(losses), "loss": losses, "identity": self.identity}
            tensor_file.replace(self._record, [json.dumps(record).encode()])
            for other in self.folder.glob("step-*"):
                if other != place:
                    shutil.rmtree(other)

    def restore(self, module: nn.Module, optimizer: torch.optim.AdamW) -> list[float]:
        """Brings weights and optimizer to where a saved run was; the losses up to there."""
        losses = self.group.first(self._losses)
        path = self._place(len(losses)) / self._share
        try:
            share = load_file(path)
        except Exception as error:
            raise ClusterError(f"cannot read '{path}': {error}") from None
        with torch.no_grad():
            for name, parameter in parameters(module):
                parameter.to_local().copy_(share[f"weights.{name}"])
                state = {"step": torch.tensor(float(len(losses)))}
                for moment in MOMENTS:
                    state[moment] = torch.zeros_like(parameter)
                    state[moment].to_local().copy_(share[f"{moment}.{name}"])
                optimizer.state[parameter] = state
        return losses

    def remove(self) -> None:
        """Once a run is over."""
        self.group.wait()
        if self.group.is_first:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _losses(self) -> list[float]:
        if not self._record.is_file():
            over = (self.folder.parent / "training.json").is_file()
            raise ClusterError(
                f"'{self.folder.parent}' holds no state of a run to take up again",
                "its run is over" if over else "leave --resume out to begin one",
            )
        try:
            found = json.loads(self._record.read_bytes())
            losses, identity = found["loss"], found["identity"]
        except (ValueError, KeyError, TypeError):
            raise ClusterError(f"'{self._record}' is no state of a run", "train into another folder") from None
        for name in [*self.identity, *identity]:
            was, wanted = identity.get(name), self.identity.get(name)
            if was != wanted:
                raise ClusterError(
                    f"'{self.folder}' is the state of another run: its {name} is {json.dumps(was)}, not"
                    f" {json.dumps(wanted)}",
                    "give the same settings, or train into another folder",
                )
        return losses

    @property
    def _record(self) -> Path:
        return self.folder / RECORD

    def _place(self, step: int) -> Path:
        return self.folder / f"step-{step:08}"

    @property
    def _share(self) -> str:
        return f"share-{self.group.rank:05}-of-{self.group.size:05}.safetensors"
