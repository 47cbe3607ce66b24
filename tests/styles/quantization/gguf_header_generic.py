"""GGUF's header with int.from_bytes, a chain of cases, and a file read in pieces."""

import os
import struct

SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
LEAST = {**SIZES, 8: 8, 9: 12}


class Pieces:
    """A file that is sliced like bytes, of which only the slices are read."""

    def __init__(self, path):
        self.path, self.size = path, os.path.getsize(path)

    def __len__(self):
        return self.size

    def __getitem__(self, part):
        with open(self.path, "rb") as file:
            file.seek(part.start)
            return file.read(max(0, min(part.stop, self.size) - part.start))


def read_value(data, at, kind):
    """Return the value and the place after it."""
    match kind:
        case 8:
            length, at = read_value(data, at, 10)
            _check(data, at, length)
            return data[at : at + length].decode("utf-8", "strict"), at + length
        case 9:
            inner, at = read_value(data, at, 4)
            count, at = read_value(data, at, 10)
            if inner not in LEAST:
                raise ValueError(f"an array of {inner}")
            _check(data, at, count * LEAST[inner])
            result = []
            while count > 0:
                one, at = read_value(data, at, inner)
                result.append(one)
                count -= 1
            return result, at
        case _ if kind not in SIZES:
            raise ValueError(f"a value of type {kind}")
    size = SIZES[kind]
    _check(data, at, size)
    stored = data[at : at + size]
    if kind == 6:
        return struct.unpack("<f", stored)[0], at + size
    if kind == 12:
        return struct.unpack("<d", stored)[0], at + size
    number = int.from_bytes(stored, "little", signed=kind in (1, 3, 5, 11))
    if kind == 7:
        if number not in (0, 1):
            raise ValueError(f"a bool of {number}")
        number = number == 1
    return number, at + size


def read_entry(data, at):
    """Return an entry of the tensor table and the place after it."""
    types = {0: ("F32", 4), 1: ("F16", 2), 2: ("Q4_0", 18), 3: ("Q4_1", 20), 8: ("Q8_0", 34)}
    name, at = read_value(data, at, 8)
    dimensions, at = read_value(data, at, 4)
    if dimensions == 0 or dimensions > 4:
        raise ValueError(f"dimensions of {name!r}: {dimensions}")
    shape = ()
    for _ in range(dimensions):
        size, at = read_value(data, at, 10)
        shape = (size, *shape)
    number, at = read_value(data, at, 4)
    offset, at = read_value(data, at, 10)
    if number not in types:
        raise ValueError(f"type of {name!r}: {number}")
    kind, block = types[number]
    row = shape[-1]
    if kind.startswith("Q"):
        if row % 32:
            raise ValueError(f"row of {name!r}: {row}")
        row //= 32
    count = row * block
    for size in shape[:-1]:
        count = count * size
    return (name, shape, kind, offset, count), at


def read_header(path):
    """Return the metadata and the places of the tensors."""
    data = Pieces(path)
    if data[0:4] != b"GGUF":
        raise ValueError("another magic")
    numbers, at = [], 4
    for kind in (4, 10, 10):
        number, at = read_value(data, at, kind)
        numbers.append(number)
    version, tensors, pairs = numbers
    if version != 3:
        raise ValueError("another version")
    metadata = {}
    for _ in range(pairs):
        key, at = read_value(data, at, 8)
        kind, at = read_value(data, at, 4)
        value, at = read_value(data, at, kind)
        if key in metadata:
            raise ValueError(f"two values for {key!r}")
        metadata[key] = value
    alignment = metadata.get("general.alignment", 32)
    if alignment == 0 or alignment != alignment & -alignment:
        raise ValueError(f"an alignment of {alignment}")
    entries = []
    for _ in range(tensors):
        entry, at = read_entry(data, at)
        entries.append(entry)
    names = [entry[0] for entry in entries]
    if len(set(names)) < len(names):
        raise ValueError("two tensors with one name")
    rest = at % alignment
    base = at if rest == 0 else at + alignment - rest
    for name, _, _, offset, size in entries:
        if offset % alignment:
            raise ValueError(f"offset of {name!r}: {offset}")
        if base + offset + size > data.size:
            raise ValueError(f"end of {name!r}: {base + offset + size}")
    return metadata, {one[0]: (one[1], one[2], base + one[3], one[4]) for one in entries}


def _check(data, at, size):
    """Refuse what ends after the file."""
    if at + size > len(data):
        raise ValueError(f"{size} bytes from {at} on, of {len(data)}")
