"""Started by torchrun: the loss of a batch that two processes share, and every weight's gradient, into a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch
import torch.distributed as dist

from layerbook_cluster import families, loading, sharding
from layerbook_cluster.group import Group
from layerbook_cluster.loss import SelfDistillation
from layerbook_cluster.settings import Settings

VARIANTS = {
    "loss": Settings(),
    "l1": Settings(weight=0.0),
    "reverse": Settings(kl="reverse"),
    "detach": Settings(detach="denominator"),
}


def gradients(
    folder: Path, batch: list[list[int]], settings: Settings, group: Group, recompute: bool
) -> dict[str, torch.Tensor]:
    """d(loss)/d(weight) by name, and the loss under `""`; the windows of a batch one by one, each process its own."""
    config = families.configuration(folder)
    loss = SelfDistillation(sharding.empty_model(config), sharding.empty_model(config), config, settings)
    student, original = (families.blocks(model, config)[1] for model in (loss.student, loss.original))
    if recompute:
        sharding.recompute(student)
    sharding.shard(loss, student + original, group, torch.float32)
    source = group.first_alone(lambda: loading.load_whole(folder, config))
    for model in (loss.student, loss.original):
        sharding.take_in(model, source, group)
    own, rows = batch[group.rank :: group.size], sum(map(len, batch))
    value, share = loss(own or [[0]], len(own))
    (value * group.size / rows).backward()
    sums = torch.stack([share.divergences, share.movements])
    dist.all_reduce(sums)
    found = {name: parameter.grad.full_tensor() for name, parameter in loss.student.named_parameters()}
    return found | {"": torch.tensor(loss.total(sums[0], sums[1], rows), dtype=torch.float64)}


def main() -> None:
    folder, batch, out = Path(sys.argv[1]), json.loads(sys.argv[2]), Path(sys.argv[3])
    with Group.started("cpu") as group:
        found = {
            name: gradients(folder, batch, settings, group, recompute=name == "loss")
            for name, settings in VARIANTS.items()
        }
        if group.is_first:
            torch.save(found, out)


if __name__ == "__main__":
    main()
