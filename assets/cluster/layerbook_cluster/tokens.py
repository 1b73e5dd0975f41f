"""A checkpoint's own tokenizer, and the tokens of it that have a task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from transformers import AutoConfig, AutoTokenizer, PreTrainedTokenizerBase

from .errors import ClusterError

# Texts given to the tokenizer at once.
BATCH = 512


@dataclass(frozen=True)
class Tokens:
    """The tokens of texts, special ones included; None where a model has no token for a task."""

    tokenizer: PreTrainedTokenizerBase
    beginning: int | None
    end: int | None
    mask: int | None

    @staticmethod
    def load(folder: Path) -> Tokens:
        try:
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError) as error:
            raise ClusterError(f"cannot read the tokenizer in '{folder}': {error}", everywhere=True) from None
        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        prefix, suffix = _template(tokenizer)

        def id_of(role: str, of_template: int | None = None) -> int | None:
            found = getattr(tokenizer, f"{role}_token_id", None)
            if found is None:
                found = of_template
            if found is None:
                written = getattr(config, f"{role}_token_id", None)
                written = written[0] if isinstance(written, list) and written else written
                found = written if written is not None and 0 <= written < len(tokenizer) else None
            return found

        def first(*ids: int | None) -> int | None:
            return next((id for id in ids if id is not None), None)

        paired = len(prefix) == 1 and len(suffix) == 1
        begin = id_of("bos", prefix[0] if len(prefix) == 1 and not suffix else None)
        end = id_of("eos", suffix[0] if len(suffix) == 1 and not prefix else None)
        cls = id_of("cls", prefix[0] if paired else None)
        sep = id_of("sep", suffix[0] if paired else None)
        return Tokens(tokenizer, first(begin, cls), first(end, sep), id_of("mask"))

    def encode(self, texts: Iterable[str]) -> Iterator[list[int]]:
        """The ids of each text, uncut."""
        waiting: list[str] = []
        for text in texts:
            waiting.append(text)
            if len(waiting) == BATCH:
                yield from self._encoded(waiting)
                waiting = []
        if waiting:
            yield from self._encoded(waiting)

    def _encoded(self, texts: list[str]) -> list[list[int]]:
        return self.tokenizer(texts, padding=False, truncation=False, verbose=False)["input_ids"]


def _template(tokenizer: PreTrainedTokenizerBase) -> tuple[list[int], list[int]]:
    """What the tokenizer puts before and behind a text."""
    bare = tokenizer("a", add_special_tokens=False)["input_ids"]
    whole = tokenizer("a")["input_ids"]
    for start in range(len(whole) - len(bare) + 1):
        if whole[start : start + len(bare)] == bare:
            return whole[:start], whole[start + len(bare) :]
    return [], []
