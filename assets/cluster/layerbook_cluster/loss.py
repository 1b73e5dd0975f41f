"""The loss of self-distillation, L1 + lambda L2, over a batch that several processes share.

With e_l what leaves block l, before the final norm, p_l the head's distribution of e_l, p_t the frozen original's, and
alpha_l = exp(gamma l) / sum exp(gamma l): L1 = sum over l of alpha_l KL, L2 = sum over l > 0 of
alpha_l |e_l - e_(l-1)|^2 / |e_(l-1)|^2; both the mean over every position of the batch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint
from transformers import PretrainedConfig

from . import families
from .divergence import ForwardDivergence, ReverseDivergence
from .head import Head, head
from .settings import Settings
from .stream import StreamTap, padded

# About how many logits are held at once.
TILE = 1 << 24


def weights(blocks: int, gamma: float) -> list[float]:
    """alpha_l; counted from the largest, so that nothing overflows."""
    raw = [math.exp(gamma * (index - (blocks - 1 if gamma > 0 else 0))) for index in range(blocks)]
    return [value / sum(raw) for value in raw]


@dataclass(frozen=True)
class Share:
    """What some windows add to a batch's loss: KL and movement of every layer, summed over positions, in float64."""

    divergences: Tensor
    movements: Tensor


class SelfDistillation(nn.Module):
    """A model and its frozen original, side by side so that both are sharded alike."""

    def __init__(self, student: nn.Module, original: nn.Module, config: PretrainedConfig, settings: Settings) -> None:
        super().__init__()
        # Without dropout and the like: the loss is that of the model as it is used.
        self.student = student.eval()
        self.original = original.eval().requires_grad_(False)
        self._config = config
        self._settings = settings
        self.alpha = weights(config.num_hidden_layers, settings.gamma)

    def forward(self, windows: list[list[int]], counted: int) -> tuple[Tensor, Share]:
        """The loss of the first `counted` windows, summed over their positions, and what it is made of.

        A process that has fewer windows than another runs one that does not count, so that all keep step.
        """
        device = next(self.student.parameters()).device
        ids, mask = padded(windows, device)
        rows = mask.bool()
        rows[counted:] = False
        states = self._states(self.student, ids, mask, rows)
        with torch.no_grad():
            target = self._states(self.original, ids, mask, rows)[-1]
        divergences = self._divergences(states, target)
        movements = self._movements(states)
        alpha = torch.tensor(self.alpha, dtype=divergences.dtype, device=device)
        loss = (alpha * (divergences + self._settings.weight * movements)).sum()
        return loss, Share(divergences.detach().double(), movements.detach().double())

    def total(self, divergences: Tensor, movements: Tensor, rows: int) -> float:
        """The loss of a whole batch of so many positions, from the sums over all of them."""
        parts = (divergences + self._settings.weight * movements).tolist()
        return sum(alpha * part for alpha, part in zip(self.alpha, parts)) / rows

    def _states(self, model: nn.Module, ids: Tensor, mask: Tensor, rows: Tensor) -> list[Tensor]:
        """e_0 … e_(L-1) at the tokens that count, each [rows, d]."""
        tap = StreamTap(families.blocks(model, self._config)[1])
        with tap.open() as states:
            model.base_model(input_ids=ids, attention_mask=mask, use_cache=False)
        return [state[rows].float() for state in states[1:]]

    def _divergences(self, states: list[Tensor], target: Tensor) -> Tensor:
        """KL of every layer, summed over rows, which are taken in tiles whose logits are made again on the way back."""
        own = [self._student_head(index) for index in range(len(states))]
        frozen = head(self.original, self._config)
        step = max(1, TILE // self._config.vocab_size)
        sums = [target.new_zeros(()) for _ in states]
        for start in range(0, max(1, target.shape[0]), step):
            with torch.no_grad():
                wanted = functional.log_softmax(frozen(target[start : start + step]).float(), dim=-1)
            for index, state in enumerate(states):
                part = checkpoint(
                    self._divergence, own[index], state[start : start + step], wanted, use_reentrant=False
                )
                sums[index] = sums[index] + part
        return torch.stack(sums)

    def _student_head(self, block: int) -> Head:
        is_last = block == self._config.num_hidden_layers - 1
        return head(self.student, self._config, with_norm=is_last or self._settings.norm == "recompute")

    def _divergence(self, own: Head, states: Tensor, wanted: Tensor) -> Tensor:
        kind = ForwardDivergence if self._settings.kl == "forward" else ReverseDivergence
        return kind.apply(own(states), wanted)

    def _movements(self, states: list[Tensor]) -> Tensor:
        """|e_l - e_(l-1)|^2 / |e_(l-1)|^2 of every layer, summed over rows; 0 for the first, which has none."""
        sums = [states[0].new_zeros(())]
        for before, after in zip(states, states[1:]):
            length = before.square().sum(-1)
            if self._settings.detach == "denominator":
                length = length.detach()
            sums.append(((after - before).square().sum(-1) / length).sum())
        return torch.stack(sums)
