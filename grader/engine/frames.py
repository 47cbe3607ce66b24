"""Frames of bytes over a socket: four bytes of length, big-endian, then the content.

``send_data`` and ``receive_data`` carry plain data (None, bool, int, float, str, bytes, list,
dict) as MessagePack. This module needs no torch, so the command line can afford it.
"""

from __future__ import annotations

import socket
import struct
from typing import Any, cast

import msgpack

from grader.errors import GroundworkError

LARGEST = 512 * 1024 * 1024
"""A frame above this many bytes is refused."""


class Malformed(GroundworkError):
    """What came over the wire is not a value."""


class Closed(GroundworkError):
    """The other side is gone."""


def send(channel: socket.socket, content: bytes) -> None:
    """Send one frame; ``Closed`` when nobody is there, ``TimeoutError`` when nobody reads."""
    if len(content) > LARGEST:
        raise Malformed(f"a value of {len(content) >> 20} MiB is too large to cross")
    try:
        channel.sendall(struct.pack(">I", len(content)) + content)
    except TimeoutError:
        raise
    except OSError as error:
        raise Closed("the other side is gone") from error


def receive(channel: socket.socket) -> bytes:
    """Receive one frame; ``Closed`` at its end, ``TimeoutError``, ``Malformed`` when too large."""
    (length,) = struct.unpack(">I", _exactly(channel, 4))
    if length > LARGEST:
        raise Malformed(f"a frame that claims {length >> 20} MiB")
    return _exactly(channel, length)


def send_data(channel: socket.socket, data: dict[str, Any]) -> None:
    """Send plain data as one frame."""
    send(channel, cast(bytes, msgpack.packb(data, unicode_errors="surrogatepass")))


def receive_data(channel: socket.socket) -> dict[str, Any]:
    """Receive one frame of plain data; ``Malformed`` when it is something else."""
    content = receive(channel)
    try:
        data = msgpack.unpackb(content, unicode_errors="surrogatepass")
    except ValueError as error:
        raise Malformed(f"no data: {error}") from error
    if not isinstance(data, dict):
        raise Malformed("no data: not a mapping")
    return data


def _exactly(channel: socket.socket, count: int) -> bytes:
    content = bytearray()
    while len(content) < count:
        try:
            piece = channel.recv(min(count - len(content), 1 << 20))
        except TimeoutError:
            raise
        except OSError as error:
            raise Closed("the other side is gone") from error
        if not piece:
            raise Closed("the other side is gone")
        content += piece
    return bytes(content)
