"""Tokens per second, and the share of what the cards could do at most."""

from __future__ import annotations

import torch
from torch import nn

# Dense 10^12 operations a second as the vendor states them: float32, tf32, bfloat16.
PEAKS = {
    "A100": (19.5, 156, 312),
    "H100 PCIe": (51, 378, 756),
    "H100": (67, 494.7, 989.4),
    "H200": (67, 494.7, 989.4),
}
COLUMNS = ("float32", "tf32", "bfloat16")


def operations_per_token(module: nn.Module) -> int:
    """Multiplications and additions of one token's way through a module's matrices; attention's own products left out.

    An embedding's row is looked up, not multiplied, so that it does not count.
    """
    tables = {id(child.weight) for child in module.modules() if isinstance(child, nn.Embedding)}
    return 2 * sum(p.numel() for p in module.parameters() if p.dim() == 2 and id(p) not in tables)


def peak(device: torch.device, precision: str, given: float | None) -> float | None:
    """Operations a second of one device at most; None where that is not known."""
    if given is not None:
        return given * 1e12
    if device.type != "cuda":
        return None
    name = torch.cuda.get_device_name(device)
    row = next((row for card, row in PEAKS.items() if card in name), None)
    return None if row is None else row[COLUMNS.index(precision)] * 1e12


def report(tokens: int, seconds: float, processes: int, operations: float, most: float | None) -> str:
    """One line; `operations` are those of all processes together, `most` a device's per second."""
    rate = tokens / seconds if seconds > 0 else 0.0
    plural = "process" if processes == 1 else "processes"
    line = f"{tokens} tokens in {seconds:.1f} s, {rate:.0f} tokens/s on {processes} {plural}"
    if most is not None and seconds > 0:
        share = operations / seconds / processes / most
        line += f", {100 * share:.1f} % of the devices' peak (products with weights alone)"
    return line
