"""KL between the distributions of two rows of logits, with the gradient as the formula has it.

What automatic differentiation makes of the sum rounds differently, so that two equal distributions would pull at each
other: by little, which AdamW makes much of where all other gradients are 0.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional


class ForwardDivergence(torch.autograd.Function):
    """Sum over rows of KL(p_t || p); d/d(logits) = p - p_t. `wanted` is ln p_t, `logits` those of p."""

    @staticmethod
    def forward(ctx: Any, logits: Tensor, wanted: Tensor) -> Tensor:
        found = functional.log_softmax(logits.float(), dim=-1)
        ctx.save_for_backward(found, wanted)
        ctx.type = logits.dtype
        return (wanted.exp() * (wanted - found)).sum()

    @staticmethod
    def backward(ctx: Any, outer: Tensor) -> tuple[Tensor, None]:
        found, wanted = ctx.saved_tensors
        return (outer * (found.exp() - wanted.exp())).to(ctx.type), None


class ReverseDivergence(torch.autograd.Function):
    """Sum over rows of KL(p || p_t); d/d(logits) = p (ln p - ln p_t - KL)."""

    @staticmethod
    def forward(ctx: Any, logits: Tensor, wanted: Tensor) -> Tensor:
        found = functional.log_softmax(logits.float(), dim=-1)
        rows = (found.exp() * (found - wanted)).sum(-1, keepdim=True)
        ctx.save_for_backward(found, wanted, rows)
        ctx.type = logits.dtype
        return rows.sum()

    @staticmethod
    def backward(ctx: Any, outer: Tensor) -> tuple[Tensor, None]:
        found, wanted, rows = ctx.saved_tensors
        return (outer * found.exp() * (found - wanted - rows)).to(ctx.type), None
