"""Weights laid over all processes (FSDP), taken in from the first one and given back to it.

Every process builds the modules without memory for their weights, so that only the first one reads the checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
import torch.distributed as dist
from accelerate import init_empty_weights
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor
from torch.utils.checkpoint import checkpoint
from transformers import PretrainedConfig

from . import loading
from .group import Group


def empty_model(config: PretrainedConfig) -> nn.Module:
    """A model with its head whose weights have shapes and no memory."""
    with init_empty_weights(include_buffers=False):
        model = loading.head_class(config).from_config(config, dtype=torch.float32)
    model.tie_weights()
    return model


def recompute(blocks: list[nn.Module]) -> None:
    """Keeps of each block what goes in alone, and runs it again on the way back."""
    for block in blocks:
        block.forward = _recomputed(block.forward)


def _recomputed(forward):
    return lambda *positional, **named: checkpoint(forward, *positional, use_reentrant=False, **named)


def shard(module: nn.Module, units: list[nn.Module], group: Group, dtype: torch.dtype) -> None:
    """Lays the weights of each unit, and then of all that is left, over the processes of a group.

    `dtype` is what is computed in; weights, their gradients' sums and the optimizer stay float32.
    """
    mesh = init_device_mesh(group.device.type, (group.size,))
    policy = MixedPrecisionPolicy(param_dtype=None if dtype == torch.float32 else dtype, reduce_dtype=torch.float32)
    for unit in units:
        fully_shard(unit, mesh=mesh, mp_policy=policy)
    fully_shard(module, mesh=mesh, mp_policy=policy)
    module._apply(lambda tensor: _made_real(tensor, group.device))
    # A weight that two modules share is one again once it was gathered and laid out anew.
    for unit in [*units, module]:
        unit.unshard()
        unit.reshard()


def _made_real(tensor: Tensor, device: torch.device) -> Tensor:
    return torch.zeros_like(tensor, device=device) if tensor.is_meta else tensor.to(device)


def parameters(module: nn.Module) -> Iterator[tuple[str, DTensor]]:
    """Every weight once, shared ones under the first of their names."""
    yield from module.named_parameters()


def take_in(module: nn.Module, source: nn.Module | None, group: Group) -> None:
    """Copies the weights of `source`, a whole model in the first process, into sharded ones of the same names."""
    whole = dict(source.named_parameters()) if source is not None else {}
    with torch.no_grad():
        for name, parameter in parameters(module):
            if group.is_first:
                full = whole[name].detach().to(group.device, torch.float32).contiguous()
            else:
                full = torch.empty(parameter.shape, dtype=torch.float32, device=group.device)
            dist.broadcast(full, src=0)
            own = distribute_tensor(full, parameter.device_mesh, parameter.placements, src_data_rank=None)
            parameter.to_local().copy_(own.to_local())


def give_back(module: nn.Module, group: Group) -> dict[str, Tensor]:
    """The whole weights, on the CPU of the first process; nothing in the others."""
    found: dict[str, Tensor] = {}
    for name, parameter in parameters(module):
        full = parameter.detach().full_tensor()
        if group.is_first:
            found[name] = full.cpu()
    return found
