"""GGUF's header with NumPy: a memory map, scalars by dtype, arrays of numbers in one piece."""

import numpy as np

SCALARS = ["u1", "i1", "<u2", "<i2", "<u4", "<i4", "<f4", "u1", None, None, "<u8", "<i8", "<f8"]
KINDS = {0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20)}
KINDS[8] = ("Q8_0", 32, 34)


def read_value(data, at, kind):
    """Return the value and the place after it."""
    left = len(data) - at
    if kind == 8:
        length, at = read_value(data, at, 10)
        if length > len(data) - at:
            raise ValueError(f"string of {length} bytes")
        return str(bytes(data[at : at + length]), "utf-8"), at + length
    if kind == 9:
        inner, at = read_value(data, at, 4)
        count, at = read_value(data, at, 10)
        return _read_array(data, at, inner, count)
    if kind > 12:
        raise ValueError(f"type {kind}")
    size = np.dtype(SCALARS[kind]).itemsize
    if size > left:
        raise ValueError(f"{size} bytes, {left} are left")
    values, at = _read_array(data, at, kind, 1)
    return values[0], at


def read_entry(data, at):
    """Return an entry of the tensor table and the place after it."""
    name, at = read_value(data, at, 8)
    rank, at = read_value(data, at, 4)
    if rank not in (1, 2, 3, 4):
        raise ValueError(f"{name}: {rank} dimensions")
    sizes, at = _read_array(data, at, 10, rank)
    number, at = read_value(data, at, 4)
    offset, at = read_value(data, at, 10)
    if number not in KINDS:
        raise ValueError(f"{name}: type {number}")
    kind, per_block, block = KINDS[number]
    blocks, rest = divmod(sizes[0], per_block)
    if rest:
        raise ValueError(f"{name}: {sizes[0]} in a row")
    for size in sizes[1:]:
        blocks *= size
    return (name, tuple(reversed(sizes)), kind, offset, blocks * block), at


def read_header(path):
    """Return the metadata and the places of the tensors."""
    try:
        data = np.memmap(path, dtype=np.uint8, mode="r")
    except ValueError as error:
        raise ValueError("the file is empty") from error
    if bytes(data[:4]) != b"GGUF":
        raise ValueError("not GGUF")
    version, at = read_value(data, 4, 4)
    if version != 3:
        raise ValueError(f"version {version}")
    (tensors, pairs), at = _read_array(data, at, 10, 2)
    metadata, places, step = {}, {}, 32
    while pairs:
        key, at = read_value(data, at, 8)
        kind, at = read_value(data, at, 4)
        value, at = read_value(data, at, kind)
        if key in metadata:
            raise ValueError(f"{key} again")
        metadata[key] = value
        pairs -= 1
    step = metadata.get("general.alignment", 32)
    if step == 0 or step.bit_count() != 1:
        raise ValueError(f"alignment {step}")
    for _ in range(tensors):
        (name, *entry), at = read_entry(data, at)
        if name in places:
            raise ValueError(f"{name} again")
        places[name] = entry
    first = (at + step - 1) // step * step
    for name, (shape, kind, offset, size) in places.items():
        end = first + offset + size
        if offset % step != 0 or end > len(data):
            raise ValueError(f"{name}: {offset} to {end}")
        places[name] = (shape, kind, first + offset, size)
    return metadata, places


def _read_array(data, at, inner, count):
    """Return elements as a list, and the place after them."""
    if inner > 12:
        raise ValueError(f"elements of type {inner}")
    if inner in (8, 9):
        if count * (8 if inner == 8 else 12) > len(data) - at:
            raise ValueError(f"{count} elements")
        values = []
        while len(values) < count:
            value, at = read_value(data, at, inner)
            values.append(value)
        return values, at
    dtype = np.dtype(SCALARS[inner])
    end = at + count * dtype.itemsize
    if end > len(data):
        raise ValueError(f"{count} numbers")
    numbers = np.frombuffer(bytes(data[at:end]), dtype)
    if inner == 7 and (numbers > 1).any():
        raise ValueError("no bool")
    return (numbers != 0 if inner == 7 else numbers).tolist(), end
