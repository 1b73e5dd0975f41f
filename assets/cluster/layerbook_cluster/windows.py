"""The windows of a training run, and which of them each step sees, as `layerbook distill` takes them."""

from __future__ import annotations

from functools import lru_cache

from .random_stream import RandomStream


class Windows:
    """Texts cut one window after the other; those of a single token are left out.

    Every pass has an order of its own, from the seed and its number: a step's batch needs nothing but its own number.
    """

    def __init__(self, texts: list[list[int]], length: int, seed: int) -> None:
        cut = (ids[start : start + length] for ids in texts for start in range(0, len(ids), length))
        self.windows = [window for window in cut if len(window) > 1]
        self._order = lru_cache(maxsize=2)(
            lambda number: RandomStream(seed, f"training.order.{number}").permutation(len(self.windows))
        )

    def batch(self, step: int, size: int) -> list[list[int]]:
        """The windows of a step, from 0."""
        places = (divmod(place, len(self.windows)) for place in range(step * size, (step + 1) * size))
        return [self.windows[self._order(turn)[place]] for turn, place in places]
