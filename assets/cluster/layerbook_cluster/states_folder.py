"""A folder of captured states: `layerbook.states/1` in shards, and the parts it is put together from.

A part holds every state of some texts; a shard holds one state of all of them, as Layerbook reads it. Parts go once all
shards stand, so that a capture needs twice the room of its states for a while.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from . import tensor_file
from .digests import value_digest
from .errors import ClusterError
from .sampling import SampledText
from .tensor_file import BYTES, Header, Tensor

INDEX = "states.safetensors.index.json"
RECORD = "capture.json"
# Seconds before each look for what another node wrote: NFS may keep an old view of a folder for a minute.
LOOKS = (0, 1, 2, 4, 8, 16, 32)


def _awaited(path: Path) -> Header:
    """The header of a file that some process wrote, which is asked for anew until it is seen."""
    for pause in LOOKS:
        if pause:
            time.sleep(pause)
            # To list a folder renews what is remembered of it, also that a file was not there.
            os.listdir(path.parent)
        header = tensor_file.header(path)
        if header is not None:
            return header
    raise ClusterError(f"'{path}' is not there or damaged", "start the capture again")


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
            if self.path.exists() and (not self.path.is_dir() or set(self.path.iterdir()) - self._half_written()):
                raise ClusterError(f"'{self.path}' is there and holds no capture", "write into another folder")
            self.path.mkdir(parents=True, exist_ok=True)
            text = json.dumps(self.settings, indent=2, ensure_ascii=False) + "\n"
            tensor_file.replace(record, [text.encode()])
        self._require_same(record)
        if (self.path / INDEX).is_file():
            self._clear()
            return True
        self._parts.mkdir(exist_ok=True)
        return False

    def _half_written(self) -> set[Path]:
        """What killed processes left of a record, of shards and of an index."""
        return {*self.path.glob(f".{RECORD}.*.partial"), *self.path.glob(".states*.partial")}

    def _clear(self) -> None:
        """Removes what a finished capture does not need."""
        for path in self._half_written():
            path.unlink(missing_ok=True)
        if self._parts.exists():
            shutil.rmtree(self._parts)

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
        # Listed once: what is remembered of single names may be older.
        there = set(os.listdir(self._parts))
        return [n for n in range(self.part_count) if self._part(n).name not in there or not self._is_whole(n)]

    def _is_whole(self, number: int) -> bool:
        path = self._part(number)
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
            path = self._part(number)
            yield from tensor_file.contents(path, _awaited(path), name)

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
            _awaited(self.path / name)
        rows = len(self._columns[0][1])
        size = self.levels * rows * self.width * BYTES[self.type] + 8 * sum(len(v) for _, v in self._columns)
        index = {"metadata": {"total_size": size, **self.metadata}, "weight_map": places}
        tensor_file.replace(self.path / INDEX, [(json.dumps(index, ensure_ascii=False) + "\n").encode()])
        self._clear()

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
