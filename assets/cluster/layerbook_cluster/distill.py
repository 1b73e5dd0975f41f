"""`distill`: a model trained to settle, by as many processes as there are."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import torch
import torch.distributed as dist
import transformers

from . import checkpoint, families, loading, precision, sharding, speed, training_state
from .dataset import Dataset, is_usable
from .digests import model_digest
from .errors import ClusterError
from .group import Group
from .head import require_head
from .loss import SelfDistillation
from .progress import ProgressLine
from .settings import Settings
from .stopping import Stopping
from .tokens import Tokens
from .training_state import TrainingState
from .windows import Windows

STOPPED = 130


@dataclass(frozen=True)
class DistillOptions:
    """What a command line asks for."""

    model: Path
    dataset: Dataset
    settings: Settings
    out: Path
    resume: bool
    # Windows of a process that run together; None for all of a step's.
    together: int | None
    recompute: bool
    minutes_between_saves: float
    precision: str
    peak: float | None


def distill(options: DistillOptions, group: Group) -> int:
    """Trains to the last step, or until somebody stops it; the code to end with."""
    group.first(lambda: _require_room(options))
    run = _Run(options, group)
    stopping = Stopping(group, options.minutes_between_saves)
    try:
        return run.train(stopping)
    finally:
        stopping.close()


def _require_room(options: DistillOptions) -> None:
    out = options.out
    if options.resume or not out.exists():
        return
    if out.is_dir():
        training_state.remove_unfinished(out)
    if not out.is_dir() or any(out.iterdir()):
        raise ClusterError(f"'{out}' is there and not empty", "train into another folder, or go on with --resume")


class _Run:
    """A run from its settings to its checkpoint."""

    def __init__(self, options: DistillOptions, group: Group) -> None:
        self._group = group
        precision.set_precision(options.precision)
        self._config = families.configuration(options.model)
        self._windows, trained = _windows(options, self._config)
        # Of a dataset with fewer texts than the default the record says how many train.
        self._options = replace(options, settings=replace(options.settings, train=trained))
        self._loss = self._sharded()
        self._trained = [p for p in self._loss.parameters() if p.requires_grad]
        self._optimizer = torch.optim.AdamW(
            self._trained, lr=options.settings.rate, betas=(0.9, 0.999), eps=1e-8, weight_decay=options.settings.decay
        )
        self._state = TrainingState(options.out / training_state.FOLDER, self._identity(), group)
        self._losses: list[float] = []
        if options.resume:
            self._losses = self._state.restore(self._loss.student, self._optimizer)

    def _sharded(self) -> SelfDistillation:
        """The model and its original, spread over all processes."""
        config, group = self._config, self._group
        loss = SelfDistillation(
            sharding.empty_model(config), sharding.empty_model(config), config, self._options.settings
        )
        student, original = (families.blocks(model, config)[1] for model in (loss.student, loss.original))
        if self._options.recompute:
            sharding.recompute(student)
        sharding.shard(loss, student + original, group, precision.dtype(self._options.precision))
        source = group.first_alone(lambda: self._source())
        sharding.take_in(loss.student, source, group)
        sharding.take_in(loss.original, source, group)
        return loss

    def _source(self) -> torch.nn.Module:
        source = loading.load_whole(self._options.model, self._config)
        require_head(source, self._config)
        return source

    def _identity(self) -> dict[str, object]:
        return self._options.settings.record | {
            "model": self._group.first(lambda: model_digest(self._options.model)),
            "dataset": self._options.dataset.digest,
            "numeric": self._options.precision,
            "processes": self._group.size,
            "windows together": self._options.together,
            "device": self._group.kind,
            "torch": torch.__version__,
            "transformers": transformers.__version__,
        }

    # -- steps

    def train(self, stopping: Stopping) -> int:
        settings, first = self._options.settings, len(self._losses)
        progress = ProgressLine(self._group.is_first)
        tokens, start = 0, time.monotonic()
        while len(self._losses) < settings.steps:
            tokens += self._step()
            done, seconds = len(self._losses), time.monotonic() - start
            left = seconds / (done - first) * (settings.steps - done)
            progress.update(
                f"training, loss {self._losses[-1]:.4g}, {tokens / seconds:.0f} tokens/s, {done} of {settings.steps},"
                f" {left:.0f} s left"
            )
            stops, saves = stopping.ask()
            if stops:
                progress.clear()
                self._save()
                return self._stopped()
            if saves and done < settings.steps:
                self._save()
        progress.clear()
        seconds = time.monotonic() - start
        self._save()
        if self._group.is_first:
            print(
                f"{self._options.out}  {settings.steps} steps, loss {self._losses[0]:.4g} to {self._losses[-1]:.4g}",
                file=sys.stdout,
            )
            if tokens:
                print(self._speed(tokens, seconds), flush=True)
        return 0

    def _step(self) -> int:
        """One step of all processes; how many tokens it saw."""
        settings, step = self._options.settings, len(self._losses)
        batch = self._windows.batch(step, settings.batch)
        rows = sum(len(window) for window in batch)
        value = self.gradient(batch, rows)
        norm = self._norm()
        if not torch.isfinite(torch.tensor([value, norm])).all():
            raise ClusterError(f"step {step + 1}: the loss or its gradient is not finite", everywhere=True)
        if 0 < settings.clip < norm + 1e-6:
            for parameter in self._trained:
                parameter.grad.mul_(settings.clip / (norm + 1e-6))
        self._optimizer.param_groups[0]["lr"] = settings.rate_at(step)
        self._optimizer.step()
        self._losses.append(value)
        return rows

    def gradient(self, batch: list[list[int]], rows: int) -> float:
        """The loss of a batch; its gradient stands in the parameters."""
        self._optimizer.zero_grad(set_to_none=True)
        own = batch[self._group.rank :: self._group.size]
        # As many runs in every process: gathering weights is the work of all of them.
        most = -(-len(batch) // self._group.size)
        together = self._options.together or most
        sums = None
        for start in range(0, most, together):
            part = own[start : start + together]
            loss, share = self._loss(part or [batch[0][:1]], len(part))
            # FSDP takes the mean over processes, and the loss is one over positions.
            (loss * (self._group.size / rows)).backward()
            values = torch.stack([share.divergences, share.movements])
            sums = values if sums is None else sums + values
        dist.all_reduce(sums)
        return self._loss.total(sums[0], sums[1], rows)

    def _norm(self) -> float:
        """The norm of all gradients together, its squares summed in double precision."""
        squares = sum(parameter.grad.to_local().double().square().sum() for parameter in self._trained)
        dist.all_reduce(squares)
        return float(squares.sqrt())

    # -- what is written

    def _save(self) -> None:
        """The state first: who is killed in between leaves an earlier checkpoint, or none, and a whole state."""
        is_done = len(self._losses) == self._options.settings.steps
        if not is_done:
            self._state.save(self._loss.student, self._optimizer, self._losses)
        weights = sharding.give_back(self._loss.student, self._group)
        if self._group.is_first:
            checkpoint.write(
                self._options.out,
                self._options.model,
                self._loss.student,
                weights,
                self._options.settings,
                self._losses,
                self._options.precision,
            )
        if is_done:
            self._state.remove()

    def _stopped(self) -> int:
        if self._group.is_first:
            done, steps = len(self._losses), self._options.settings.steps
            print(f"stopped after step {done} of {steps}; --resume goes on from there", file=sys.stderr, flush=True)
        return STOPPED

    def _speed(self, tokens: int, seconds: float) -> str:
        config = self._config
        blocks = torch.nn.ModuleList(families.blocks(self._loss.student, config)[1])
        trunk = speed.operations_per_token(blocks)
        head = 2 * config.vocab_size * config.hidden_size
        # There and back is three times there; once more the original's, and once where blocks are run again.
        runs = 5 if self._options.recompute else 4
        per_token = runs * trunk + (4 * config.num_hidden_layers + 1) * head
        most = speed.peak(self._group.device, self._options.precision, self._options.peak)
        return speed.report(tokens, seconds, self._group.size, float(tokens) * per_token, most)


def _windows(options: DistillOptions, config: transformers.PretrainedConfig) -> tuple[Windows, int]:
    """What is trained on, and how many texts that is."""
    settings, name = options.settings, options.dataset.name
    context = families.context(config)
    if settings.length > context and settings.gives_length:
        raise ClusterError(
            f"length is {settings.length}, and the context of '{options.model}' holds {context} tokens",
            f"at most {context}",
            everywhere=True,
        )
    usable = [text for text in options.dataset.texts() if is_usable(text)]
    if not usable:
        raise ClusterError(f"dataset '{name}' has no usable text", everywhere=True)
    if len(usable) < settings.train and settings.gives_train:
        raise ClusterError(
            f"dataset '{name}' has only {len(usable)} usable texts, and train is {settings.train}", everywhere=True
        )
    usable = usable[: settings.train]
    ids = Tokens.load(options.model).encode(usable)
    windows = Windows(list(ids), min(settings.length, context), settings.seed)
    if not windows.windows:
        raise ClusterError("no text has two tokens to train on", everywhere=True)
    return windows, len(usable)
