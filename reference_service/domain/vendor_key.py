"""How a path names a vendor: digits are its id, anything else its slug."""

from dataclasses import dataclass

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class VendorKey:
    text: str

    @property
    def id(self) -> int | None:
        """The id, leading zeros ignored; one that no vendor can have is past LARGEST_ID."""
        if not (self.text.isascii() and self.text.isdigit()):
            return None
        digits = self.text.lstrip("0") or "0"
        return int(digits) if len(digits) <= 19 else LARGEST_ID + 1

    @property
    def nobodys(self) -> bool:
        return self.id is not None and self.id > LARGEST_ID
