"""Which tokens of which texts are looked at, drawn as `layerbook capture` draws them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .dataset import is_usable
from .errors import ClusterError
from .random_stream import RandomStream
from .tokens import Tokens

POSITIONS = ("last", "eos", "random", "mask", "all")


@dataclass(frozen=True)
class SampledText:
    """One text as the model sees it, the positions that are wanted and the token behind each, -1 for none."""

    ids: list[int]
    positions: list[int]
    next_tokens: list[int]


@dataclass(frozen=True)
class Sampler:
    """The first so many usable texts, cut at `max_tokens`."""

    tokens: Tokens
    is_causal: bool
    position: str
    max_tokens: int
    seed: int

    def sample(self, texts: list[str], count: int | None) -> list[SampledText]:
        """At most `count` of the usable texts; all of them for None."""
        stream = RandomStream(self.seed, f"position.{self.position}")
        samples: list[SampledText] = []
        for ids in self._usable(texts):
            if count is not None and len(samples) == count:
                break
            sample = self._sampled(ids[: self.max_tokens], stream)
            if sample is not None:
                samples.append(sample)
        return samples

    def _usable(self, texts: list[str]) -> Iterator[list[int]]:
        return self.tokens.encode(text for text in texts if is_usable(text))

    def _sampled(self, whole: list[int], stream: RandomStream) -> SampledText | None:
        if not whole:
            return None
        ids = list(whole)
        match self.position:
            case "last":
                positions = [len(ids) - 1]
            case "eos":
                end = self._needed(self.tokens.end, "end-of-text", "last")
                if ids[-1] != end:
                    ids = ids[: max(1, self.max_tokens - 1)] + [end]
                positions = [len(ids) - 1]
            case "random":
                positions = [stream.integer(len(ids))]
            case "mask":
                mask = self._needed(self.tokens.mask, "mask", "random")
                positions = [stream.integer(len(ids))]
                ids[positions[0]] = mask
            case _:
                skipped = 1 if ids[0] == self.tokens.beginning else 0
                positions = list(range(skipped, len(ids)))
        if not positions:
            return None
        behind = [whole[place + 1] if place + 1 < len(whole) else -1 for place in positions]
        if self.is_causal:
            ids = ids[: positions[-1] + 1]
        return SampledText(ids, positions, behind)

    def _needed(self, token: int | None, what: str, instead: str) -> int:
        if token is None:
            raise ClusterError(
                f"--position {self.position}: the checkpoint names no {what} token",
                f"use --position {instead}",
                everywhere=True,
            )
        return token
