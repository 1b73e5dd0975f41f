"""A folder of captured states: `layerbook.states/1` in shards, and the parts it is put together from.

A part holds every state of some texts; a shard holds one state of all of them, as Layerbook reads it. Parts go once all
shards stand, so that a capture needs twice the room of its states for a while.
"""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from . import tensor_file
from .digests import value_digest
from .errors import ClusterError
from .sampling import SampledText
from .tensor_file import BYTES, Tensor

INDEX = "states.safetensors.index.json"
RECORD = "capture.json"


@dataclass(frozen=True)
class StatesFolder:
    """`settings` is everything that decides the bytes; `metadata` what Layerbook reads of it."""

    path: Path
    settings: dict[str, Any]
    metadata: dict[str, str]
    samples: list[SampledText]
    # Texts of a part.
    part_texts: int
    # L + 1.
    levels: int
    width: int
    # F32 or BF16.
    type: str

    # -- what is there

    def open(self) -> bool:
        """Makes the folder, or finds in it what a capture with the same settings left; whether that was finished."""
        record = self.path / RECORD
        if not record.is_file():
            if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
                raise ClusterError(f"'{self.path}' is there and holds no capture", "write into another folder")
            self._parts.mkdir(parents=True)
            text = json.dumps(self.settings, indent=2, ensure_ascii=False) + "\n"
            tensor_file.replace(record, [text.encode()])
            return False
        self._require_same(record)
        if (self.path / INDEX).is_file():
            return True
        self._parts.mkdir(exist_ok=True)
        return False

    def _require_same(self, record: Path) -> None:
        try:
            found = json.loads(record.read_bytes())
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise ClusterError(f"'{record}' is no record of a capture", "write into another folder")
        for name in [*self.settings, *found]:
            if found.get(name) != self.settings.get(name):
                was, wanted = (json.dumps(value.get(name)) for value in (found, self.settings))
                raise ClusterError(
                    f"'{self.path}' holds states of another capture: its {name} is {was}, not {wanted}",
                    "give the same settings, or write into another folder",
                )

    def missing_parts(self) -> list[int]:
        """The parts that are not there yet."""
        return [number for number in range(self.part_count) if not self._is_whole(number)]

    def _is_whole(self, number: int) -> bool:
        path = self._part(number)
        if not path.exists():
            return False
        header = tensor_file.header(path)
        if header is None:
            return False
        if header.metadata.get("settings") != self._digest:
            raise ClusterError(f"'{path}' holds states of another capture", "remove it, or write into another folder")
        return True

    # -- parts

    @property
    def part_count(self) -> int:
        return -(-len(self.samples) // self.part_texts)

    def texts(self, number: int) -> list[SampledText]:
        """The texts of a part."""
        return self.samples[number * self.part_texts : (number + 1) * self.part_texts]

    def write_part(self, number: int, states: Iterable[bytes]) -> None:
        """`states` are h_0 … h_L of the part's texts, each whole."""
        rows = self._rows(number)
        tensors = [Tensor(f"hidden.{level}", self.type, [rows, self.width]) for level in range(self.levels)]
        tensor_file.write(self._part(number), tensors, {"settings": self._digest}, states)

    def _rows(self, number: int) -> int:
        return sum(len(sample.positions) for sample in self.texts(number))

    # -- shards

    @property
    def shard_count(self) -> int:
        """One for what is known of the samples, and one to each state."""
        return self.levels + 1

    def write_shard(self, number: int) -> None:
        """Puts a shard together, unless it stands."""
        path = self.path / self._shard_name(number)
        if tensor_file.header(path) is not None:
            return
        if number == 0:
            self._write_samples(path)
            return
        name = f"hidden.{number - 1}"
        rows = sum(len(sample.positions) for sample in self.samples)
        tensor_file.write(path, [Tensor(name, self.type, [rows, self.width])], self.metadata, self._gathered(name))

    def _gathered(self, name: str) -> Iterable[bytes]:
        for number in range(self.part_count):
            header = tensor_file.header(self._part(number))
            if header is None:
                raise ClusterError(f"'{self._part(number)}' is damaged", "start the capture again")
            yield from tensor_file.contents(self._part(number), header, name)

    def _write_samples(self, path: Path) -> None:
        columns = self._columns
        tensors = [Tensor(name, "I64", [len(values)]) for name, values in columns]
        tensor_file.write(path, tensors, self.metadata, (_int64(values) for _, values in columns))

    @cached_property
    def _columns(self) -> list[tuple[str, list[int]]]:
        return [
            ("position", [place for sample in self.samples for place in sample.positions]),
            ("next_token", [token for sample in self.samples for token in sample.next_tokens]),
            *((f"token_ids.{index}", sample.ids) for index, sample in enumerate(self.samples)),
        ]

    def finish(self) -> None:
        """Writes the index, which makes the folder count, and removes the parts."""
        places = {name: self._shard_name(0) for name, _ in self._columns}
        places |= {f"hidden.{level}": self._shard_name(level + 1) for level in range(self.levels)}
        for name in set(places.values()):
            if tensor_file.header(self.path / name) is None:
                raise ClusterError(f"'{self.path / name}' is not there or damaged", "start the capture again")
        rows = len(self._columns[0][1])
        size = self.levels * rows * self.width * BYTES[self.type] + 8 * sum(len(v) for _, v in self._columns)
        index = {"metadata": {"total_size": size, **self.metadata}, "weight_map": places}
        tensor_file.replace(self.path / INDEX, [(json.dumps(index, ensure_ascii=False) + "\n").encode()])
        shutil.rmtree(self._parts)

    # -- names

    @cached_property
    def _digest(self) -> str:
        return value_digest(self.settings)

    @property
    def _parts(self) -> Path:
        return self.path / "parts"

    def _part(self, number: int) -> Path:
        return self._parts / f"part-{number:06}.safetensors"

    def _shard_name(self, number: int) -> str:
        return f"states-{number + 1:05}-of-{self.shard_count:05}.safetensors"


def _int64(values: list[int]) -> bytes:
    return struct.pack(f"<{len(values)}q", *values)
