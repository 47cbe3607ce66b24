"""Frames of bytes over a socket: four bytes of length, big-endian, then the content.

``send_data`` and ``receive_data`` carry plain data (None, bool, int, float, str, bytes, list,
dict) as MessagePack. This module needs no torch, so the command line can afford it.
"""

from __future__ import annotations

import select
import socket
import struct
from typing import Any, cast

import msgpack

from grader.base.errors import GroundworkError

LARGEST = 64 << 20
"""A frame above this many bytes is refused."""


class MalformedData(GroundworkError):
    """What came over the wire is not a value."""


class ConnectionClosed(GroundworkError):
    """The other side is gone."""


def send(channel: socket.socket, content: bytes) -> None:
    """Send one frame.

    Raises ``ConnectionClosed`` when nobody is there, ``TimeoutError`` when nobody reads.
    """
    check_size(content)
    try:
        # One call, so one packet for a short frame: length and content apart would cost a
        # question a second way through the kernel.
        channel.sendall(struct.pack(">I", len(content)) + content)
    except TimeoutError:  # an OSError too, but the other side is still there
        raise
    except OSError as error:
        raise ConnectionClosed("the other side closed the connection") from error


def is_writable(channel: socket.socket) -> bool:
    """Return whether a short frame can be sent without waiting for the other side to read."""
    return bool(select.select([], [channel], [], 0)[1])


def check_size(content: bytes) -> None:
    """Raise ``MalformedData`` when the content is too large for a frame."""
    if len(content) > LARGEST:
        largest = f"at most {LARGEST >> 20} MiB can be sent to another process"
        raise MalformedData(f"a value of {len(content) >> 20} MiB is too large: {largest}")


def receive(channel: socket.socket) -> bytes:
    """Receive one frame.

    Raises ``ConnectionClosed`` at the connection's end, ``TimeoutError`` when nothing comes, and
    ``MalformedData`` when the frame is too large.
    """
    (length,) = struct.unpack(">I", _receive_exactly(channel, 4))
    # The four bytes may be anything that the learner's code has written: nothing of that size is
    # allocated or waited for before it is known to be sane.
    if length > LARGEST:
        raise MalformedData(f"a frame with a length of {length >> 20} MiB")
    return _receive_exactly(channel, length)


def send_data(channel: socket.socket, data: dict[str, Any]) -> None:
    """Send plain data as one frame."""
    # surrogatepass: a message of the learner's may hold half of a UTF-16 pair, which is a str in
    # Python and no UTF-8. It is made printable where it is shown, and must not stop here.
    send(channel, cast(bytes, msgpack.packb(data, unicode_errors="surrogatepass")))


def receive_data(channel: socket.socket) -> dict[str, Any]:
    """Receive one frame of plain data; ``MalformedData`` when it is something else."""
    content = receive(channel)
    try:
        data = msgpack.unpackb(content, unicode_errors="surrogatepass")
    except ValueError as error:
        raise MalformedData(f"not MessagePack: {error}") from error
    if not isinstance(data, dict):
        raise MalformedData("not a mapping")
    return data


def _receive_exactly(channel: socket.socket, count: int) -> bytes:
    content = bytearray()
    while len(content) < count:
        try:
            # A mebibyte at a time: recv sets aside all that it is asked for, whatever comes, and
            # a length that was claimed is not yet a length that was sent.
            piece = channel.recv(min(count - len(content), 1 << 20))
        except TimeoutError:
            raise
        except OSError as error:
            raise ConnectionClosed("the other side closed the connection") from error
        if not piece:
            raise ConnectionClosed("the other side closed the connection")
        content += piece
    return bytes(content)
