"""`capture`: the states of a corpus, by as many processes as there are."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from torch import Tensor, nn

from . import families, precision, speed
from .dataset import Dataset
from .digests import model_digest
from .errors import ClusterError
from .group import Group
from .loading import load_stream
from .progress import ProgressLine
from .sampling import SampledText, Sampler
from .states_folder import StatesFolder
from .stream import StreamTap, padded
from .tokens import Tokens


@dataclass(frozen=True)
class CaptureOptions:
    """What a command line asks for."""

    model: Path
    model_name: str
    dataset: Dataset
    position: str
    texts: int | None
    max_tokens: int
    seed: int
    out: Path
    batch: int
    part_texts: int
    precision: str
    spread: bool
    peak: float | None


def capture(options: CaptureOptions, group: Group) -> None:
    """Writes the states that are not there yet, and the index once all are."""
    precision.set_precision(options.precision)
    config = families.configuration(options.model)
    folder = _folder(options, config, group)
    if group.first(folder.open):
        _say(group, f"{options.out}  is complete, {_extent(folder)}")
        return
    missing = group.first(folder.missing_parts)
    tokens, seconds, operations = 0, 0.0, 0
    if missing:
        model = load_stream(options.model, precision.dtype(options.precision), group.device, options.spread)
        worker = _Worker(model, config, options, group)
        operations = speed.operations_per_token(nn.ModuleList(worker.blocks))
        start = time.monotonic()
        tokens = worker.write(folder, missing[group.rank :: group.size])
        seconds = time.monotonic() - start
    done = group.gather((tokens, seconds))
    for number in range(group.rank, folder.shard_count, group.size):
        folder.write_shard(number)
    group.wait()
    group.first(folder.finish)
    total, longest = sum(t for t, _ in done), max(s for _, s in done)
    _say(group, f"{options.out}  {_extent(folder)}")
    if total:
        most = speed.peak(group.device, options.precision, options.peak)
        _say(group, speed.report(total, longest, group.size, float(total * operations), most))


def _folder(options: CaptureOptions, config: Any, group: Group) -> StatesFolder:
    samples = _samples(options, config)
    digest = group.first(lambda: model_digest(options.model))
    metadata = {
        "format": "layerbook.states/1",
        "model": options.model_name,
        "model_digest": digest,
        "dataset": options.dataset.name,
        "dataset_digest": options.dataset.digest,
        "position": options.position,
        "final_state": "pre_norm",
    }
    if options.precision != "float32":
        metadata["numeric"] = options.precision
    settings = metadata | {
        "numeric": options.precision,
        "texts": options.texts,
        "max_tokens": options.max_tokens,
        "seed": options.seed,
        "batch": options.batch,
        "part_texts": options.part_texts,
        "device": group.kind,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    }
    return StatesFolder(
        path=options.out,
        settings=settings,
        metadata=metadata,
        samples=samples,
        part_texts=options.part_texts,
        levels=config.num_hidden_layers + 1,
        width=config.hidden_size,
        type=precision.STORED[options.precision],
    )


def _samples(options: CaptureOptions, config: Any) -> list[SampledText]:
    sampler = Sampler(
        tokens=Tokens.load(options.model),
        is_causal=families.is_causal(config),
        position=options.position,
        max_tokens=min(options.max_tokens, families.context(config)),
        seed=options.seed,
    )
    samples = sampler.sample(options.dataset.texts(), options.texts)
    if not samples:
        raise ClusterError(f"dataset '{options.dataset.name}' has no usable text", everywhere=True)
    if options.texts is not None and len(samples) < options.texts:
        raise ClusterError(
            f"dataset '{options.dataset.name}' has only {len(samples)} usable texts, and {options.texts} are asked for",
            "lower --texts, or leave it out",
            everywhere=True,
        )
    return samples


class _Worker:
    """What one process runs."""

    def __init__(self, model: nn.Module, config: Any, options: CaptureOptions, group: Group) -> None:
        self._model = model
        self._options = options
        self._device = next(model.parameters()).device
        _, self.blocks = families.blocks(model, config)
        self._tap = StreamTap(self.blocks)
        self._progress = ProgressLine(group.is_first)

    def write(self, folder: StatesFolder, numbers: list[int]) -> int:
        """Runs some parts and writes them; how many tokens that were."""
        tokens = 0
        start = time.monotonic()
        for done, number in enumerate(numbers):
            texts = folder.texts(number)
            folder.write_part(number, (_bytes(state) for state in self._states(texts)))
            tokens += sum(len(text.ids) for text in texts)
            rate = tokens / (time.monotonic() - start)
            self._progress.update(f"part {done + 1} of {len(numbers)} of this process, {rate:.0f} tokens/s")
        self._progress.clear()
        return tokens

    def _states(self, texts: list[SampledText]) -> list[Tensor]:
        """h_0 … h_L at the wanted positions of some texts, in their order.

        Texts of about one length run together; which ones does not hang on who runs them.
        """
        order = sorted(range(len(texts)), key=lambda index: len(texts[index].ids))
        found: list[list[Tensor]] = [[] for _ in texts]
        for start in range(0, len(order), self._options.batch):
            numbers = order[start : start + self._options.batch]
            for number, states in zip(numbers, self._run([texts[number] for number in numbers])):
                found[number] = states
        return [torch.cat(level) for level in zip(*found)]

    def _run(self, texts: list[SampledText]) -> list[list[Tensor]]:
        """h_0 … h_L of each text, at its wanted positions."""
        ids, mask = padded([text.ids for text in texts], self._device)
        counts = [len(text.positions) for text in texts]
        rows = torch.arange(len(texts)).repeat_interleave(torch.tensor(counts))
        columns = torch.tensor([place for text in texts for place in text.positions])
        with torch.inference_mode(), self._tap.open() as states:
            self._model(input_ids=ids, attention_mask=mask, use_cache=False)
            wanted = [state[rows.to(state.device), columns.to(state.device)].cpu() for state in states]
        for level, state in enumerate(wanted):
            if not torch.isfinite(state).all():
                raise ClusterError(
                    f"h_{level} of a text is not finite; it is one of {len(texts)} of which the first begins with the"
                    f" tokens {texts[0].ids[:8]}"
                )
        return [list(levels) for levels in zip(*(state.split(counts) for state in wanted))]


def _bytes(state: Tensor) -> bytes:
    return state.contiguous().view(torch.uint8).numpy().tobytes()


def _extent(folder: StatesFolder) -> str:
    return f"{len(folder.samples)} texts, {sum(len(s.positions) for s in folder.samples)} positions"


def _say(group: Group, line: str) -> None:
    if group.is_first:
        print(line, file=sys.stdout, flush=True)
