"""How numbers are kept and multiplied."""

from __future__ import annotations

import torch

PRECISIONS = ("float32", "tf32", "bfloat16")
# How states of a run are stored.
STORED = {"float32": "F32", "tf32": "F32", "bfloat16": "BF16"}


def set_precision(name: str) -> None:
    """float32 is exact products; tf32 lets CUDA round their factors to 10 bits."""
    torch.backends.cuda.matmul.allow_tf32 = name == "tf32"
    torch.backends.cudnn.allow_tf32 = name == "tf32"


def dtype(name: str) -> torch.dtype:
    return torch.bfloat16 if name == "bfloat16" else torch.float32
