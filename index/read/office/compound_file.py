"""Compound files, the containers of old Office files: their streams by name.

Source: [MS-CFB], Compound File Binary File Format.
"""

import struct
from typing import Final

from index.errors import UnreadableError

_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR: Final = 0xFFFFFFFA  # numbers above are marks: end of chain, free …
_ENTRY_BYTES: Final = 128
_HEADER_SECTORS: Final = 109  # of the table of sectors, in the header itself


class CompoundFile:
    """A container whose streams can be read.

    Raises:
        UnreadableError: corrupt.
    """

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or not data.startswith(_MAGIC):
            raise _damaged("it is no old Office file")
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise _damaged("its sectors have no size that any program writes")
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        (first_entry,) = struct.unpack_from("<I", data, 48)
        self._cutoff, first_mini, _count, next_table, _tables = struct.unpack_from("<5I", data, 56)
        self._next = self._sector_table(next_table)
        self._entries = self._directory(self._chain(first_entry))
        self._mini_next = _numbers(self._chain(first_mini)) if first_mini < _LAST_SECTOR else ()
        root = next((entry for name, entry in self._entries.items() if name == "Root Entry"), None)
        self._mini = self._chain(root[0]) if root and root[0] < _LAST_SECTOR else b""

    def read(self, name: str) -> bytes | None:
        """Return a stream; None where there is none of this name."""
        entry = self._entries.get(name)
        if entry is None:
            return None
        first, size = entry
        if size >= self._cutoff:
            return self._chain(first)[:size]
        sectors = []
        steps = 0
        while first < len(self._mini_next) and steps <= len(self._mini_next):
            sectors.append(self._mini[first * self._mini_size : (first + 1) * self._mini_size])
            first, steps = self._mini_next[first], steps + 1
        return b"".join(sectors)[:size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._data[start : start + self._size]

    def _sector_table(self, next_table: int) -> tuple[int, ...]:
        places = list(struct.unpack_from(f"<{_HEADER_SECTORS}I", self._data, 76))
        most = len(self._data) // self._size + 1
        for _step in range(most):
            if next_table >= _LAST_SECTOR:
                break
            more = _numbers(self._sector(next_table))
            if not more:
                break
            places += more[:-1]
            next_table = more[-1]
        table = b"".join(self._sector(place) for place in places[:most] if place < _LAST_SECTOR)
        return _numbers(table)

    def _chain(self, first: int) -> bytes:
        """Return the sectors of a chain; one that runs in a circle ends after as many as the file has."""
        sectors = []
        for _step in range(len(self._data) // self._size + 1):
            if first >= len(self._next):
                break
            sectors.append(self._sector(first))
            first = self._next[first]
        return b"".join(sectors)

    def _directory(self, data: bytes) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for start in range(0, len(data) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            (length,) = struct.unpack_from("<H", data, start + 64)
            kind = data[start + 66]
            if kind in (2, 5) and 2 <= length <= 64:
                name = data[start : start + length - 2].decode("utf-16-le", "replace")
                first, size = struct.unpack_from("<II", data, start + 116)
                found.setdefault(name, (first, size))
        return found


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _damaged(message: str) -> UnreadableError:
    return UnreadableError("corrupt", message, "open it in its program and save it again, as .docx")
