# wrong: a byte that is not 0 is True | violates: 1 is True, and any other raises ValueError
"""The header of a GGUF file: the model's metadata, and where each tensor's data lie."""

import math
import mmap
import struct
from pathlib import Path
from typing import Any


class Cursor:
    """A place in a file that moves on with each value."""

    FORMATS = dict(zip((0, 1, 2, 3, 4, 5, 6, 10, 11, 12), "BbHhIifQqd", strict=True))

    def __init__(self, data, at: int) -> None:
        self.data, self.at = data, at

    def take(self, length: int) -> bytes:
        if length > len(self.data) - self.at:
            raise ValueError(f"{length} bytes at {self.at} do not fit into the file")
        self.at += length
        return self.data[self.at - length : self.at]

    def number(self, letter: str):
        return struct.unpack("<" + letter, self.take(struct.calcsize("<" + letter)))[0]

    def text(self) -> str:
        return str(self.take(self.number("Q")), "utf-8")

    def flag(self) -> bool:
        byte = self.number("B")
        return bool(byte)

    def least(self, kind: int) -> int:
        if kind in self.FORMATS:
            return struct.calcsize("<" + self.FORMATS[kind])
        if kind not in (7, 8, 9):
            raise ValueError(f"type {kind}")
        return {7: 1, 8: 8, 9: 12}[kind]

    def array(self) -> list:
        kind, number = self.number("I"), self.number("Q")
        if number * self.least(kind) > len(self.data) - self.at:
            raise ValueError(f"an array of {number} elements does not fit into the file")
        if kind in self.FORMATS:
            stored = self.take(number * self.least(kind))
            return list(struct.unpack(f"<{number}{self.FORMATS[kind]}", stored))
        return [self.value(kind) for _ in range(number)]

    def value(self, kind: int):
        if kind in self.FORMATS:
            return self.number(self.FORMATS[kind])
        readers = {7: self.flag, 8: self.text, 9: self.array}
        if kind not in readers:
            raise ValueError(f"type {kind}")
        return readers[kind]()

    def entry(self) -> tuple:
        name = self.text()
        dimensions = self.number("I")
        if dimensions not in range(1, 5):
            raise ValueError(f"{name}: {dimensions} dimensions")
        sizes = [self.number("Q") for _ in range(dimensions)]
        kind, offset = self.number("I"), self.number("Q")
        table = {0: ("F32", 1, 4), 1: ("F16", 1, 2)}
        table |= {2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20), 8: ("Q8_0", 32, 34)}
        if kind not in table or min(sizes) < 1:
            raise ValueError(f"{name}: type {kind}, sizes {sizes}")
        label, block, size = table[kind]
        blocks, rest = divmod(sizes[0], block)
        if rest:
            raise ValueError(f"{name}: {sizes[0]} elements in a row, {block} in a block")
        total = size * blocks
        for rows in sizes[1:]:
            total *= rows
        return name, tuple(sizes[::-1]), label, offset, total


def read_value(data: bytes | mmap.mmap, at: int, kind: int) -> tuple[Any, int]:
    """Return the value of a given type that begins at a place in a file, and where it ends.

    The types of values have numbers. All numbers are stored with the low byte first
    (little-endian), and nothing is padded:

        0 uint8      3 int16      6 float32    9 array      12 float64
        1 int8       4 uint32     7 bool       10 uint64
        2 uint16     5 int32      8 string     11 int64

        bool      one byte: 0 is False, 1 is True, and any other raises ValueError
        string    its number of bytes (a uint64), then these bytes, a text in UTF-8
        array     the type of its elements (a uint32), their number (a uint64), then the elements,
                  each stored as a value of that type is; they may be strings or arrays again

    The length of a string and the number of an array's elements are not to be trusted. A value
    that does not end within ``data`` raises ``ValueError``. If the length or the number alone says
    so, it is raised before memory is allocated for the value and before any element is read: a
    length from 2^30 to 2^64 - 1 is refused with 64 MiB of additional memory. An element takes 1,
    2, 4 or 8 bytes if it is a number, 1 if it is a bool, at least 8 if it is a string, and at
    least 12 if it is an array.

    Args:
        data: the bytes of a file: ``bytes``, or an ``mmap.mmap``. Neither is changed.
        at: the place of the first byte of the value, from 0 to ``len(data)``. No array is passed
            that is nested more than ten deep.
        kind: the number of the type, 0 or more. Above 12 it raises ``ValueError``; so does such a
            type of an array's elements. Bytes that are no UTF-8 raise ``ValueError`` (Python's
            ``UnicodeDecodeError`` is one).

    Returns:
        A tuple of the value (an int, a float, a bool, a str, or a list of these or of lists) and
        the place after its last byte.

    >>> read_value(b"\\x03\\x00\\x00\\x00\\x00\\x00\\x00\\x00Qed", 0, 8)
    ('Qed', 11)
    """
    cursor = Cursor(data, at)
    value = cursor.value(kind)
    return value, cursor.at


def read_entry(
    data: bytes | mmap.mmap, at: int
) -> tuple[tuple[str, tuple[int, ...], str, int, int], int]:
    """Return the entry of the tensor table that begins at a place, and where it ends.

    An entry is a sequence of values as ``read_value`` reads them, one directly after another:

        name          string
        dimensions    uint32: how many, from 1 to 4
        sizes         uint64 each: the sizes of the dimensions, each at least 1
        type          uint32
        offset        uint64

    The sizes are in the reverse order of PyTorch's: the first is the length of a row. A tensor's
    elements are stored in blocks, and no block holds elements of two rows:

        type        elements in a block    bytes of a block
        0  F32      1                      4
        1  F16      1                      2
        2  Q4_0     32                     18
        3  Q4_1     32                     20
        8  Q8_0     32                     34

    Args:
        data: the bytes of a file: ``bytes``, or an ``mmap.mmap``. Neither is changed.
        at: the place of the first byte of the entry, from 0 to ``len(data)``.

    Returns:
        A tuple of the entry and the place after its last byte. The entry is a tuple of the name,
        the shape in PyTorch's order (a tuple), the name of the type (such as "Q4_1"), the offset,
        and the number of bytes of the tensor's data.

    An entry that does not end within ``data`` raises ``ValueError``. So do another number of
    dimensions than 1 to 4, a type that is not in the table, and a row that is not a whole number
    of blocks; in these three cases the message contains the tensor's name.

    >>> sizes = struct.pack("<IQQIQ", 2, 96, 5, 2, 640)
    >>> read_entry(struct.pack("<Q", 1) + b"w" + sizes, 0)
    (('w', (5, 96), 'Q4_0', 640, 270), 41)
    """
    cursor = Cursor(data, at)
    entry = cursor.entry()
    return entry, cursor.at


def read_header(
    path: str,
) -> tuple[dict[str, Any], dict[str, tuple[tuple[int, ...], str, int, int]]]:
    """Return the metadata of a GGUF file, and the shape, type and place of each tensor.

    A file of version 3 has these parts, one directly after another:

        the four bytes GGUF
        version       uint32: 3
        tensors       uint64: how many tensors there are
        pairs         uint64: how many pairs of the metadata there are
        metadata      for each pair: a string, the key; a uint32, the type of the value; the value
        table         an entry for each tensor, as ``read_entry`` reads it
        padding       bytes up to the next place that the alignment divides; none if the table
                      ends at one
        data          the tensors' data

    The alignment is the value of the key ``general.alignment`` (a uint32, if it is there), and
    else 32. The offset in an entry counts from the first byte of the data part, so that a tensor's
    data begin at this byte's place plus the offset. The data of the tensors may be in any order,
    and there may be gaps between them, and bytes after the last.

    A file that differs from this raises ``ValueError``, with a message that says what is wrong:
    other first bytes, another version, whatever ``read_value`` and ``read_entry`` refuse, a key or
    a tensor's name that was there before, an alignment that is not a power of two, an offset that
    the alignment does not divide, and data that do not end within the file. For the last two the
    message contains the tensor's name. A file without tensors may end directly after the table.

    The data of the tensors are not read, and the length of a file is no limit: with 256 MiB of
    additional private memory, the header of a file of 1 GiB is returned. A read-only memory map
    (the module ``mmap``) does not count against this limit. The file is not changed.

    Args:
        path: the file, which exists.

    Returns:
        A tuple of two dicts: the metadata, from keys to values; and the tensors, from each name to
        a tuple of the shape in PyTorch's order (a tuple), the name of the type, the place in the
        file of the first byte of the tensor's data, and their number of bytes.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "tiny.gguf")
    >>> pair = struct.pack("<Q", 5) + b"depth" + struct.pack("<II", 4, 30)
    >>> entry = struct.pack("<Q", 1) + b"b" + struct.pack("<IQIQ", 1, 3, 0, 0)
    >>> file = b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + pair + entry
    >>> path.write_bytes(file + bytes(-len(file) % 32) + struct.pack("<3f", 1.0, 2.0, 3.0))
    108
    >>> read_header(str(path))
    ({'depth': 30}, {'b': ((3,), 'F32', 96, 12)})

    Not to be used: the library ``gguf``. Source: the GGUF specification of ggml; the alignment and
    the refusals as in its ``gguf.cpp``.
    """
    if Path(path).stat().st_size == 0:
        raise ValueError("an empty file")
    with Path(path).open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
    try:
        cursor = Cursor(data, 0)
        if cursor.take(4) != b"GGUF" or cursor.number("I") != 3:
            raise ValueError("no GGUF file of version 3")
        tensor_count, pair_count = cursor.number("Q"), cursor.number("Q")
        metadata, table = {}, {}
        kinds = {}
        for _ in range(pair_count):
            key = cursor.text()
            if key in metadata:
                raise ValueError(f"key {key} again")
            kinds[key] = cursor.number("I")
            metadata[key] = cursor.value(kinds[key])
        for _ in range(tensor_count):
            name, *rest = cursor.entry()
            if name in table:
                raise ValueError(f"tensor {name} again")
            table[name] = rest
        alignment = metadata.get("general.alignment", 32)
        if kinds.get("general.alignment", 4) != 4 or alignment not in [2**i for i in range(32)]:
            raise ValueError(f"alignment {alignment}")
        start = cursor.at + -cursor.at % alignment
        for name, (shape, label, offset, size) in table.items():
            if offset % alignment:
                raise ValueError(f"tensor {name}: offset {offset}, alignment {alignment}")
            if start + offset + size > len(data):
                raise ValueError(f"tensor {name} ends behind the file")
            table[name] = (shape, label, start + offset, size)
        return metadata, table
    finally:
        data.close()
