"""Layerbook's random numbers: xoshiro256** seeded through SplitMix64, one named stream to each use.

Sources: Blackman and Vigna (2021); Steele, Lea and Flood (2014); Lemire (2019) for whole numbers without bias.
"""

from __future__ import annotations

MASK = (1 << 64) - 1


class RandomStream:
    """The state of SplitMix64 begins as the seed XOR the 64-bit FNV-1a hash of the stream's name."""

    def __init__(self, seed: int, stream: str) -> None:
        name = 0xCBF29CE484222325
        for byte in stream.encode():
            name = ((name ^ byte) * 0x100000001B3) & MASK
        mixed = (seed & MASK) ^ name
        self._state: list[int] = []
        for _ in range(4):
            mixed = (mixed + 0x9E3779B97F4A7C15) & MASK
            z = mixed
            z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
            z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
            self._state.append(z ^ (z >> 31))

    def next(self) -> int:
        """The next 64 bits."""
        a, b, c, d = self._state
        result = (_rotated((b * 5) & MASK, 7) * 9) & MASK
        t = (b << 17) & MASK
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= t
        self._state = [a, b, c, _rotated(d, 45)]
        return result

    def integer(self, bound: int) -> int:
        """Uniform on 0 … bound - 1."""
        threshold = (MASK + 1 - bound) % bound
        while True:
            product = self.next() * bound
            if product & MASK >= threshold:
                return product >> 64

    def shuffle(self, elements: list) -> None:
        """Fisher and Yates, from the last place down."""
        for place in range(len(elements) - 1, 0, -1):
            other = self.integer(place + 1)
            elements[place], elements[other] = elements[other], elements[place]

    def permutation(self, count: int) -> list[int]:
        order = list(range(count))
        self.shuffle(order)
        return order


def _rotated(value: int, bits: int) -> int:
    return ((value << bits) | (value >> (64 - bits))) & MASK
