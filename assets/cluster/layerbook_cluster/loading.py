"""A checkpoint's modules out of its folder, every weight of them from its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import nn
from transformers import AutoModel, AutoModelForCausalLM, AutoModelForMaskedLM, PretrainedConfig
from transformers.utils import logging

from . import families
from .errors import ClusterError

# What goes wrong comes as exceptions; the rest is for nobody to read in the midst of a job's output.
logging.set_verbosity_error()
logging.disable_progress_bar()


def load_stream(folder: Path, dtype: torch.dtype, device: torch.device, spread: bool) -> nn.Module:
    """The model without its head.

    `spread` lays it over every device that this process sees, by accelerate.
    """
    placement: dict[str, Any] = {"device_map": "auto"} if spread else {}
    model = _loaded(AutoModel, folder, dtype=dtype, **placement)
    return model if spread else model.to(device)


def head_class(config: PretrainedConfig) -> Any:
    """The class that has the head, too."""
    return AutoModelForCausalLM if families.is_causal(config) else AutoModelForMaskedLM


def load_whole(folder: Path, config: PretrainedConfig) -> nn.Module:
    """The model with its head, in float32, on the CPU."""
    return _loaded(head_class(config), folder, dtype=torch.float32)


def _loaded(kind: Any, folder: Path, **options: Any) -> nn.Module:
    try:
        model, found = kind.from_pretrained(folder, local_files_only=True, output_loading_info=True, **options)
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise ClusterError(f"cannot read the weights in '{folder}': {error}", everywhere=True) from None
    # A pooler has no part in any state or prediction.
    missing = sorted(name for name in found["missing_keys"] if "pooler" not in name)
    if missing:
        raise ClusterError(
            f"the weights in '{folder}' lack '{missing[0]}'" + (f" and {len(missing) - 1} more" if missing[1:] else ""),
            everywhere=True,
        )
    return model.eval()
