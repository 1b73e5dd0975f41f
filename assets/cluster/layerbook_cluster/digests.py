"""Digests of models, datasets and settings, as Layerbook computes them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

# Files of a checkpoint's folder that decide its numbers, beside the weights.
DECIDING = {
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.json",
    "merges.txt",
    "vocab.txt",
}


def canonical(value: Any) -> str:
    """JSON with sorted members and without spaces; of texts, whole numbers, booleans and nothing."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def value_digest(value: Any) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def file_digest(path: Path) -> str:
    hasher = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            hasher.update(block)
    return hasher.hexdigest()


def model_digest(folder: Path) -> str:
    """The digest under which Layerbook knows the checkpoint in a folder."""
    files = {
        path.name: file_digest(path)
        for path in sorted(folder.iterdir())
        if path.name.endswith((".safetensors", ".safetensors.index.json")) or path.name in DECIDING
    }
    return value_digest({"checkpoint": value_digest(files)})
