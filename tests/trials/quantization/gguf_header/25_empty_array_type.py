# wrong: an empty array may have any type | violates: so does such a type of an array's elements
"""The header of a GGUF file: the model's metadata, and where each tensor's data lie."""

import math
import mmap
import struct
from pathlib import Path
from typing import Any


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
    def number(at, size, signed=False):
        if at + size > len(data):
            raise ValueError("the end of the file")
        return int.from_bytes(data[at : at + size], "little", signed=signed), at + size

    sizes = [1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8]
    if kind >= len(sizes):
        raise ValueError(f"type {kind}")
    match kind:
        case 6 | 12:
            _, end = number(at, sizes[kind])
            return struct.unpack("<f" if kind == 6 else "<d", data[at:end])[0], end
        case 7:
            value, end = number(at, 1)
            if value > 1:
                raise ValueError(f"bool {value}")
            return value == 1, end
        case 8:
            length, at = number(at, 8)
            if at + length > len(data):
                raise ValueError(f"a string of {length} bytes")
            return data[at : at + length].decode(), at + length
        case 9:
            inner, at = number(at, 4)
            count, at = number(at, 8)
            if count and inner >= len(sizes):
                raise ValueError(inner)
            if count and at + count * sizes[inner] > len(data):
                raise ValueError(f"an array of {count} elements of type {inner}")
            values = []
            while len(values) < count:
                value, at = read_value(data, at, inner)
                values.append(value)
            return values, at
    return number(at, sizes[kind], signed=kind in (1, 3, 5, 11))


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
    def several(at, *kinds):
        values = []
        for kind in kinds:
            value, at = read_value(data, at, kind)
            values.append(value)
        return *values, at

    name, dimensions, at = several(at, 8, 4)
    if dimensions == 0 or dimensions > 4:
        raise ValueError(f"{dimensions} dimensions of {name}")
    *sizes, number, offset, at = several(at, *[10] * dimensions, 4, 10)
    if number not in (0, 1, 2, 3, 8) or 0 in sizes:
        raise ValueError(f"type {number} of {name}, sizes {sizes}")
    label = {0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 8: "Q8_0"}[number]
    block = 1 if label.startswith("F") else 32
    if sizes[0] % block:
        raise ValueError(f"rows of {sizes[0]} elements in {name}")
    bytes_of_block = {"F32": 4, "F16": 2, "Q4_0": 18, "Q4_1": 20, "Q8_0": 34}[label]
    return (name, tuple(sizes[::-1]), label, offset, math.prod(sizes) // block * bytes_of_block), at


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
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:4] != b"GGUF":
            raise ValueError(f"{path} is no GGUF file")
        version, at = read_value(data, 4, 4)
        if version != 3:
            raise ValueError(f"{path} has version {version}, not 3")
        tensor_count, at = read_value(data, at, 10)
        pair_count, at = read_value(data, at, 10)
        metadata = {}
        alignment = 32
        names = set()
        for _ in range(pair_count):
            key, at = read_value(data, at, 8)
            kind, at = read_value(data, at, 4)
            value, at = read_value(data, at, kind)
            if key in metadata:
                raise ValueError(f"the key {key!r} is there twice")
            if key == "general.alignment":
                if kind != 4 or value < 1 or value.bit_count() != 1:
                    raise ValueError(f"the alignment {value!r} is no power of two in a uint32")
                alignment = value
            metadata[key] = value
        entries = []
        while len(entries) < tensor_count:
            entry, at = read_entry(data, at)
            entries.append(entry)
            if entry[0] in names:
                raise ValueError(f"the tensor {entry[0]!r} is there twice")
            names.add(entry[0])
        start = at
        while start % alignment:
            start += 1
        tensors = {}
        for name, (shape, label, offset, nbytes) in ((e[0], e[1:]) for e in entries):
            if offset % alignment != 0:
                raise ValueError(f"the offset {offset} of {name!r} is not aligned to {alignment}")
            if start + offset + nbytes > len(data):
                raise ValueError(f"the file ends within the data of {name!r}")
            tensors[name] = (shape, label, start + offset, nbytes)
        return metadata, tensors
