"""A trained model as an ordinary checkpoint: what transformers saves, with a word on how it was made."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from torch import Tensor, nn
from torch.distributed.tensor import DTensor

from . import tensor_file
from .settings import Settings

RECORD = "training.json"
# How the folders begin in which weights stand before they are put in place.
SCRATCH = ".saving-"
# What a checkpoint's folder has beside its weights and holds for a trained copy, too.
COMPANIONS = {
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "vocab.txt",
    "tokenizer.model",
    "generation_config.json",
    "chat_template.jinja",
    "LICENSE",
}


def write(
    folder: Path, source: Path, model: nn.Module, weights: dict[str, Tensor], settings: Settings, losses: list[float],
    numeric: str,
) -> None:  # fmt: skip
    """Replaces every file whole: the weights once their index and the record are gone, which come back last.

    Who is killed in between leaves no index or record that speaks of other weights.

    `weights` are the whole ones of `model`, whose own may be spread over processes; `source` is the folder that it
    began with.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(left)
    for left in folder.glob(".*.safetensors.*.partial"):
        left.unlink()
    for path in source.iterdir():
        if path.name in COMPANIONS:
            tensor_file.replace(folder / path.name, [path.read_bytes()])
    config = json.loads((source / "config.json").read_bytes())
    config["dtype" if "dtype" in config else "torch_dtype"] = "float32"
    _write_json(folder / "config.json", config)
    metadata = {"layerbook.training": _compact(settings.record), "layerbook.steps": str(len(losses))}
    if numeric != "float32":
        metadata["layerbook.numeric"] = numeric
    buffers = {name: value for name, value in model.state_dict().items() if not isinstance(value, DTensor)}
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=folder) as scratch:
        model.save_pretrained(scratch, state_dict=weights | buffers)
        for path in [*folder.glob("*.safetensors.index.json"), folder / RECORD]:
            path.unlink(missing_ok=True)
        for path in sorted(Path(scratch).glob("*.safetensors")):
            tensor_file.restamped(path, folder / path.name, metadata)
        for path in Path(scratch).glob("*.safetensors.index.json"):
            tensor_file.replace(folder / path.name, [path.read_bytes()])
    _write_json(folder / RECORD, {"settings": settings.record, "steps": len(losses), "loss": losses})


def _write_json(path: Path, value: Any) -> None:
    tensor_file.replace(path, [(json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()])


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
