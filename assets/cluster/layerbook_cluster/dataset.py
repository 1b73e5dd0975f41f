"""The texts of a file, cut, shuffled and counted as a dataset of a book is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from .delimited import TableError, table
from .digests import file_digest, value_digest
from .errors import ClusterError, UsageError
from .random_stream import RandomStream

FORMATS = ("lines", "text", "json", "jsonl", "csv", "tsv")
SUFFIXES = {".jsonl": "jsonl", ".json": "json", ".csv": "csv", ".tsv": "tsv", ".tab": "tsv"}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# Unicode's White_Space, which is not what str.isspace() asks for.
WHITE_SPACE = frozenset(
    "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


def is_usable(text: str) -> bool:
    """Whether there is more to a text than white space."""
    return not all(character in WHITE_SPACE for character in text)


@dataclass(frozen=True)
class Dataset:
    """A file of texts, and what of it is taken in which order."""

    path: Path
    name: str
    format: str
    field: str = "text"
    take: int | None = None
    shuffle: int | None = None

    @staticmethod
    def of(
        path: str, name: str | None, format: str | None, field: str, take: int | None, shuffle: int | None
    ) -> Dataset:
        if not Path(path).is_file():
            raise UsageError(f"no file of texts at '{path}'")
        suggested = SUFFIXES.get(Path(path).suffix, "lines")
        return Dataset(Path(path), name or path, format or suggested, field, take, shuffle)

    @cached_property
    def digest(self) -> str:
        """The digest under which Layerbook knows these texts."""
        selection = {"format": self.format, "field": self.field, "take": self.take, "shuffle": self.shuffle}
        parts: dict[str, Any] = {"file": file_digest(self.path), "selection": selection}
        with self.path.open("rb") as file:
            if file.read(3) == BYTE_ORDER_MARK:
                parts["byte_order_mark"] = "passed over"
        return value_digest(parts)

    def texts(self) -> list[str]:
        """Every text, in the order of the dataset."""
        texts = list(self._read(self.path.read_bytes().removeprefix(BYTE_ORDER_MARK)))
        if self.shuffle is not None:
            RandomStream(self.shuffle, "dataset.shuffle").shuffle(texts)
        return texts if self.take is None else texts[: self.take]

    def _read(self, contents: bytes) -> Iterator[str]:
        match self.format:
            case "lines":
                yield from (line for _, line in self._lines(contents) if line.strip(" \t"))
            case "text":
                yield from self._paragraphs(contents)
            case "jsonl":
                for number, line in self._lines(contents):
                    if line.strip(" \t"):
                        yield self._text(self._parsed(line, f"line {number}"), f"line {number}")
            case "json":
                elements = self._parsed(self._decoded(contents, "it"), "it")
                if not isinstance(elements, list):
                    raise self._fault(f"expected a JSON array in '{self.path}'")
                for index, element in enumerate(elements):
                    yield self._text(element, f"element {index}")
            case _:
                yield from self._column(self._decoded(contents, "it"))

    def _lines(self, contents: bytes) -> Iterator[tuple[int, str]]:
        lines = contents.split(b"\n")
        if not lines[-1]:
            lines.pop()
        for number, line in enumerate(lines, start=1):
            yield number, self._decoded(line.removesuffix(b"\r"), f"line {number}")

    def _paragraphs(self, contents: bytes) -> Iterator[str]:
        current: list[str] = []
        for line in [*(line for _, line in self._lines(contents)), ""]:
            if line.strip(" \t"):
                current.append(line)
            elif current:
                yield "\n".join(current)
                current = []

    def _column(self, text: str) -> list[str]:
        try:
            columns, rows = table(text, "\t" if self.format == "tsv" else ",")
        except TableError as error:
            raise self._fault(f"'{self.path}' cannot be read as {self.format}: {error}") from None
        if self.field not in columns:
            found = ", ".join(columns)
            raise self._fault(f"'{self.path}' has no column '{self.field}'", f"its columns are {found}; give --field")
        index = columns.index(self.field)
        return [row[index] for row in rows]

    def _text(self, value: Any, place: str) -> str:
        if isinstance(value, dict):
            value = value.get(self.field)
        if isinstance(value, str):
            return value
        raise self._fault(
            f"{place} of '{self.path}' has no text in field '{self.field}'", "name the field with --field"
        )

    def _parsed(self, text: str, place: str) -> Any:
        try:
            return json.loads(text)
        except ValueError as error:
            raise self._fault(f"{place} of '{self.path}' is not JSON: {error}") from None

    def _decoded(self, contents: bytes, place: str) -> str:
        try:
            return contents.decode()
        except UnicodeDecodeError:
            raise self._fault(f"{place} of '{self.path}' is not UTF-8") from None

    def _fault(self, message: str, hint: str | None = None) -> ClusterError:
        return ClusterError(f"dataset '{self.name}': {message}", hint, everywhere=True)
