"""GGUF's header by a cursor: an object that moves on as it takes numbers, texts and lists."""

import mmap
import os
from struct import Struct

NUMBERS = {code: Struct("<" + letter) for code, letter in enumerate("BbHhIif")}
NUMBERS |= {10: Struct("<Q"), 11: Struct("<q"), 12: Struct("<d")}
TYPES = ["F32 1 4", "F16 1 2", "Q4_0 32 18", "Q4_1 32 20", "", "", "", "", "Q8_0 32 34"]


class Cursor:
    """A place in a file."""

    def __init__(self, data, at):
        self.data, self.at = data, at

    def need(self, size):
        """Refuse more bytes than are left."""
        if size > len(self.data) - self.at:
            raise ValueError(f"{size} bytes are needed at {self.at} of {len(self.data)}")

    def take(self, size):
        """Return so many bytes, and move on."""
        self.need(size)
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, code):
        """Take a number."""
        return NUMBERS[code].unpack(self.take(NUMBERS[code].size))[0]

    def value(self, code):
        """Take any value."""
        if code in NUMBERS:
            return self.number(code)
        if code == 7:
            byte = self.take(1)
            if byte not in (b"\0", b"\1"):
                raise ValueError(f"no bool: {byte!r}")
            return byte == b"\1"
        if code == 8:
            return self.take(self.number(10)).decode()
        if code == 9:
            inner, count = self.number(4), self.number(10)
            least = {7: 1, 8: 8, 9: 12} | {code: form.size for code, form in NUMBERS.items()}
            if inner not in least:
                raise ValueError(f"no type: {inner}")
            self.need(count * least[inner])
            return [self.value(inner) for _ in range(count)]
        raise ValueError(f"no type: {code}")


def read_value(data, at, kind):
    """Return the value and the place after it."""
    cursor = Cursor(data, at)
    return cursor.value(kind), cursor.at


def read_entry(data, at):
    """Return an entry of the tensor table and the place after it."""
    cursor = Cursor(data, at)
    name = cursor.value(8)
    rank = cursor.number(4)
    if rank < 1 or rank > 4:
        raise ValueError(f"tensor {name} has {rank} dimensions")
    sizes = [cursor.number(10) for _ in range(rank)]
    code, offset = cursor.number(4), cursor.number(10)
    if code >= len(TYPES) or not TYPES[code]:
        raise ValueError(f"tensor {name} has type {code}")
    kind, *numbers = TYPES[code].split()
    elements, size = map(int, numbers)
    if sizes[0] % elements:
        raise ValueError(f"tensor {name} has rows of {sizes[0]}")
    count = 1
    for one in sizes:
        count *= one
    sizes.reverse()
    return (name, tuple(sizes), kind, offset, count * size // elements), cursor.at


def read_header(path):
    """Return the metadata and the places of the tensors."""
    length = os.path.getsize(path)
    if length < 24:
        raise ValueError(f"{path} has {length} bytes, and a header 24 or more")
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        cursor = Cursor(data, 0)
        if cursor.take(4) != b"GGUF" or cursor.number(4) != 3:
            raise ValueError("not a GGUF file of version 3")
        tensors, pairs = cursor.number(10), cursor.number(10)
        metadata = {}
        for _ in range(pairs):
            key, code = cursor.value(8), cursor.number(4)
            if key in metadata:
                raise ValueError(f"key {key} twice")
            metadata[key] = cursor.value(code)
        alignment = metadata.get("general.alignment", 32)
        if alignment not in [2**power for power in range(32)]:
            raise ValueError(f"alignment {alignment}")
        found = {}
        for _ in range(tensors):
            (name, *rest), cursor.at = read_entry(data, cursor.at)
            if name in found:
                raise ValueError(f"tensor {name} twice")
            found[name] = rest
    begin = cursor.at
    while begin % alignment:
        begin += 1
    result = {}
    for name, (shape, kind, offset, size) in found.items():
        if offset & (alignment - 1):
            raise ValueError(f"tensor {name}: offset {offset} and alignment {alignment}")
        if size > length - begin - offset:
            raise ValueError(f"tensor {name} ends after the file")
        result[name] = (shape, kind, begin + offset, size)
    return metadata, result
