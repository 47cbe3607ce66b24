"""Plots, as PNG without a library."""

from __future__ import annotations

import random
import struct
import zlib

WIDTH, HEIGHT = 240, 160


def png(chance: random.Random) -> bytes:
    """A curve with noise, in grey."""
    level = [HEIGHT * (0.1 + 0.8 * (1 + x / 12) ** -0.6) for x in range(WIDTH)]
    level = [y + chance.gauss(0, 4) for y in level]
    rows = bytearray()
    for y in range(HEIGHT):
        rows.append(0)  # no filter
        rows += bytes(40 if abs(HEIGHT - y - level[x]) < 2 else 240 for x in range(WIDTH))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 6)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)
