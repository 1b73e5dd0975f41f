"""Comma- and tab-separated values, read as Layerbook reads them: RFC 4180, and every row as long as the header."""

from __future__ import annotations

import re
from collections.abc import Iterator

QUOTED = re.compile(r'"([^"]*(?:""[^"]*)*)"')
LINE_END = re.compile(r"\r\n|\r|\n")


class TableError(Exception):
    """What keeps a text from being a table, with the line."""


def table(text: str, separator: str) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and the rows."""
    rows = _rows(text, separator)
    columns = _names(*next(rows, (0, [])))
    return columns, [
        [field or "" for field in _counted(line, fields, len(columns))]
        for line, fields in rows
        # A blank line is no row, but where there is one column it is an empty field.
        if fields != [None] or len(columns) == 1
    ]


def _names(line: int, header: list[str | None]) -> list[str]:
    """A column without a name is called by its number."""
    if not header:
        raise TableError("the table is empty")
    names = [name or f"column {number}" for number, name in enumerate(header, start=1)]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise TableError(f"line {line}: two columns are called '{name}'")
    return names


def _counted(line: int, fields: list[str | None], columns: int) -> list[str | None]:
    if len(fields) != columns:
        hint = "; put a field that holds the separator in quotes" if len(fields) > columns else ""
        raise TableError(f"line {line}: the header names {columns} columns, and the fields are {len(fields)}{hint}")
    return fields


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str | None]]]:
    """The line on which each row begins, from 1, and its fields; None is a field with nothing in it."""
    bare = re.compile(rf"[^{separator}\r\n]*")
    place, line, first = 0, 1, 1
    fields: list[str | None] = []
    while place < len(text) or fields:
        is_quoted = text.startswith('"', place)
        found = (QUOTED if is_quoted else bare).match(text, place)
        if found is None:
            raise TableError(f"line {line}: a quote is opened here and never closed")
        if is_quoted:
            fields.append(found[1].replace('""', '"'))
            line += len(LINE_END.findall(found[1]))
        elif '"' in found[0] and separator == ",":
            raise TableError(f"line {line}: a quote inside a field; put the whole field in quotes, the quote twice")
        else:
            fields.append(found[0] or None)
        place = found.end()
        if text.startswith(separator, place):
            place += 1
            continue
        end = LINE_END.match(text, place)
        if end is None and place < len(text):
            raise TableError(f"line {line}: text behind a closing quote; a quote inside quotes is written twice")
        yield first, fields
        place, line, fields = end.end() if end else place, line + 1, []
        first = line
