"""The architectures that Layerbook reads, and where in transformers' classes their parts are."""

from __future__ import annotations

from pathlib import Path

from torch import nn
from transformers import AutoConfig, PretrainedConfig

from .errors import ClusterError

DECODERS = (
    "gpt2", "llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3_text", "phi3", "olmo2", "gpt_neox", "gptj",
    "opt",
)  # fmt: skip
ENCODERS = ("bert", "roberta", "distilbert")
FINAL_NORMS = ("norm", "ln_f", "final_layer_norm", "final_layernorm")


def configuration(folder: Path) -> PretrainedConfig:
    """The configuration of a checkpoint of a known family."""
    if not folder.is_dir():
        raise ClusterError(
            f"no checkpoint folder at '{folder}'",
            "get one with: hf download OWNER/NAME --local-dir FOLDER",
            everywhere=True,
        )
    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError) as error:
        raise ClusterError(f"cannot read '{folder}/config.json': {error}", everywhere=True) from None
    if config.model_type not in DECODERS + ENCODERS:
        known = ", ".join(DECODERS + ENCODERS)
        raise ClusterError(
            f"'{folder}' is of model type '{config.model_type}', which Layerbook does not read",
            f"it reads {known}",
            everywhere=True,
        )
    return config


def is_causal(config: PretrainedConfig) -> bool:
    return config.model_type in DECODERS


def context(config: PretrainedConfig) -> int:
    """How many tokens a text may have."""
    rows = config.max_position_embeddings
    # RoBERTa counts positions from the one behind its padding token.
    return rows - config.pad_token_id - 1 if config.model_type == "roberta" else rows


def blocks(model: nn.Module, config: PretrainedConfig) -> tuple[nn.Module, list[nn.Module]]:
    """The module that holds the blocks, and the blocks."""
    for module in model.modules():
        for child in module.children():
            if isinstance(child, nn.ModuleList) and len(child) == config.num_hidden_layers:
                return module, list(child)
    raise ClusterError(f"found no list of {config.num_hidden_layers} blocks in {type(model).__name__}", everywhere=True)


def final_norm(holder: nn.Module) -> nn.Module | None:
    """What stands between the last block and the unembedding, beside the blocks; None where nothing does."""
    for name in FINAL_NORMS:
        if (found := getattr(holder, name, None)) is not None:
            return found
    return None
