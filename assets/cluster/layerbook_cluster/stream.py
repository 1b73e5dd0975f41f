"""The states of the residual stream: what enters the first block, and what leaves each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class StreamTap:
    """Notes h_0 … h_L, each [texts, tokens, d], before the final norm, while a model runs."""

    def __init__(self, blocks: list[nn.Module]) -> None:
        self._blocks = blocks
        self.states: list[Tensor] = []

    @contextmanager
    def open(self) -> Iterator[list[Tensor]]:
        """The list that a run in this context fills."""
        self.states = []
        hooks = [self._blocks[0].register_forward_pre_hook(self._note_input, with_kwargs=True)]
        hooks += [block.register_forward_hook(self._note_output) for block in self._blocks]
        try:
            yield self.states
        finally:
            for hook in hooks:
                hook.remove()

    def _note_input(self, block: nn.Module, positional: tuple, named: dict) -> None:
        self.states.append(positional[0] if positional else named["hidden_states"])

    def _note_output(self, block: nn.Module, inputs: tuple, output: Tensor | tuple) -> None:
        self.states.append(output[0] if isinstance(output, tuple) else output)


def padded(texts: list[list[int]], device: torch.device) -> tuple[Tensor, Tensor]:
    """Texts one under the other, filled on the right, and a mask that is 1 where there is a token."""
    length = max(len(ids) for ids in texts)
    ids = torch.zeros(len(texts), length, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = torch.tensor(text)
        mask[row, : len(text)] = 1
    return ids.to(device), mask.to(device)
