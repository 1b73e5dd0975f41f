"""From a state of the residual stream to logits."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from transformers import PretrainedConfig

from . import families
from .errors import ClusterError
from .stream import StreamTap, padded

Head = Callable[[Tensor], Tensor]


def head(model: nn.Module, config: PretrainedConfig, with_norm: bool = True) -> Head:
    """The logits of states before the final norm; `with_norm` false leaves the final norm out, where there is one."""
    match config.model_type:
        case "bert":
            return model.cls
        case "roberta":
            return model.lm_head
        case "distilbert":
            return lambda states: model.vocab_projector(
                model.vocab_layer_norm(model.activation(model.vocab_transform(states)))
            )
    unembed = model.get_output_embeddings()
    norm = families.final_norm(families.blocks(model, config)[0])
    cap = getattr(config, "final_logit_softcapping", None)

    def logits(states: Tensor) -> Tensor:
        found = unembed(norm(states) if norm is not None and with_norm else states)
        return cap * torch.tanh(found / cap) if cap else found

    return logits


def require_head(model: nn.Module, config: PretrainedConfig) -> None:
    """Refuses a model whose own logits are not those of its last state: its loss would be another one."""
    ids, mask = padded([list(range(min(8, config.vocab_size)))], next(model.parameters()).device)
    tap = StreamTap(families.blocks(model, config)[1])
    with torch.inference_mode(), tap.open() as states:
        wanted = model(input_ids=ids, attention_mask=mask, use_cache=False).logits
        found = head(model, config)(states[-1])
    if not torch.allclose(found, wanted, rtol=1e-3, atol=1e-3 * float(wanted.abs().max())):
        raise ClusterError(
            f"the output of a '{config.model_type}' model like this is not its head's reading of its last state",
            everywhere=True,
        )
