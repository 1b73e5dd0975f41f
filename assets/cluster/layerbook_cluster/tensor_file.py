"""Safetensors files written as the numbers come, and put in place whole."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

BYTES = {"F32": 4, "BF16": 2, "I64": 8}
# Bytes copied at once.
BLOCK = 1 << 24


@dataclass(frozen=True)
class Tensor:
    """The declaration of one tensor; `type` is a key of `BYTES`."""

    name: str
    type: str
    shape: list[int]

    @property
    def size(self) -> int:
        size = BYTES[self.type]
        for count in self.shape:
            size *= count
        return size


def write(path: Path, tensors: list[Tensor], metadata: dict[str, str], contents: Iterable[bytes]) -> None:
    """Replaces a file; `contents` are the bytes of all tensors, in their order."""
    header: dict[str, object] = {"__metadata__": metadata}
    end = 0
    for tensor in tensors:
        header[tensor.name] = {
            "dtype": tensor.type,
            "shape": tensor.shape,
            "data_offsets": [end, end + tensor.size],
        }
        end += tensor.size
    beginning = _beginning(header)
    written = replace(path, chain([beginning], contents)) - len(beginning)
    if written != end:
        path.unlink()
        raise AssertionError(f"{written} bytes for tensors of {end}")


def _beginning(header: dict[str, object]) -> bytes:
    """A header as it stands in a file, filled so that the numbers behind it are aligned."""
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text


def replace(path: Path, pieces: Iterable[bytes]) -> int:
    """Writes a file beside its place and moves it there once it is whole; how many bytes it has."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    count = 0
    try:
        with partial.open("wb") as file:
            for piece in pieces:
                count += file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return count


@dataclass(frozen=True)
class Header:
    """What a safetensors file says of itself."""

    metadata: dict[str, str]
    tensors: dict[str, dict]
    start: int

    def extent(self, name: str) -> tuple[int, int]:
        """Where a tensor's bytes begin in the file, and how many there are."""
        first, end = self.tensors[name]["data_offsets"]
        return self.start + first, end - first


def header(path: Path) -> Header | None:
    """The header of a file; None where it is no whole safetensors file."""
    try:
        with path.open("rb") as file:
            (size,) = struct.unpack("<Q", file.read(8))
            if size > path.stat().st_size:
                return None
            found = json.loads(file.read(size))
        metadata = found.pop("__metadata__", {})
        end = max((entry["data_offsets"][1] for entry in found.values()), default=0)
    except (OSError, ValueError, KeyError, struct.error):
        return None
    return Header(metadata, found, 8 + size) if path.stat().st_size == 8 + size + end else None


def contents(path: Path, header: Header, name: str) -> Iterable[bytes]:
    """The bytes of one tensor, block after block."""
    start, left = header.extent(name)
    with path.open("rb") as file:
        file.seek(start)
        while left > 0:
            block = file.read(min(left, BLOCK))
            if not block:
                raise OSError(f"'{path}' ends within '{name}'")
            left -= len(block)
            yield block


def restamped(source: Path, target: Path, metadata: dict[str, str]) -> None:
    """Copies a file with more metadata."""
    found = header(source)
    if found is None:
        raise OSError(f"'{source}' is no safetensors file")
    changed = {"__metadata__": found.metadata | metadata} | found.tensors

    def pieces() -> Iterable[bytes]:
        yield _beginning(changed)
        with source.open("rb") as file:
            file.seek(found.start)
            while block := file.read(BLOCK):
                yield block

    replace(target, pieces())
