"""A string of bits as PostgreSQL keeps it: the bit of the first place is the highest of the first byte."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Bits:
    """One bit a place, filled up to whole bytes."""

    held: bytes

    @classmethod
    def of(cls, places: Iterable[int], among: int) -> Self:
        """With the bits of these places set, of so many."""
        held = bytearray((among + 7) // 8)
        for place in places:
            held[place >> 3] |= 0x80 >> (place & 7)
        return cls(bytes(held))

    def __or__(self, other: Self) -> Self:
        return type(self)((int.from_bytes(self.held) | int.from_bytes(other.held)).to_bytes(len(self.held)))

    def __and__(self, other: Self) -> Self:
        return type(self)((int.from_bytes(self.held) & int.from_bytes(other.held)).to_bytes(len(self.held)))

    def count(self) -> int:
        return int.from_bytes(self.held).bit_count()

    def text(self) -> str:
        """As PostgreSQL reads it."""
        return "x" + self.held.hex()
