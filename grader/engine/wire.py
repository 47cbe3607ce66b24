"""The wire between judge and worker: a codec that cannot carry code.

A value is one MessagePack value in one frame. What crosses as data:
None, bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, slice,
Ellipsis, torch tensors and dtypes, NumPy arrays and scalars. Anything else is a handle: a
number that stands for an object on the other side. Only exact types count; a subclass, which
could bring behaviour of its own, is a handle. There is no pickle here.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from typing import Any, cast

import msgpack
import numpy as np
import torch

from grader.engine.frames import LARGEST, Malformed

DEEPEST = 64
"""Tuples and sets may be nested so deep."""

TENSOR, ARRAY, SCALAR, TUPLE, SET, FROZENSET, COMPLEX, LONG, SLICE, DTYPE, HANDLE, DOTS = range(12)

_DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in vars(torch).values()
    if isinstance(dtype, torch.dtype) and not str(dtype).startswith("torch.q")
}
_ARRAY_KINDS = "biufcSU"


class Codec:
    """Values to bytes and back. ``keep`` and ``find`` turn objects into handles and back.

    A handle is a number and the name of the object's type, for messages.
    """

    def __init__(
        self, keep: Callable[[Any], tuple[int, str]], find: Callable[[int, str], Any]
    ) -> None:
        self._keep, self._find, self._depth = keep, find, 0

    def pack(self, value: Any) -> bytes:
        """The value as bytes; ``Malformed`` when it is nested too deep or too large."""
        with self._deeper():
            return self._packed(value)

    def unpack(self, packed: bytes) -> Any:
        """The value of some bytes; ``Malformed`` when they are not one."""
        with self._deeper():
            return self._unpacked(packed)

    @contextlib.contextmanager
    def _deeper(self) -> Iterator[None]:
        """Count the nesting, which neither side's stack may bear unbounded."""
        if self._depth >= DEEPEST:
            raise Malformed(f"values nested deeper than {DEEPEST} levels cannot cross")
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    def _packed(self, value: Any) -> bytes:
        try:
            packed = msgpack.packb(
                value, default=self._other, strict_types=True, unicode_errors="surrogatepass"
            )
        except (ValueError, OverflowError, RecursionError) as error:
            raise Malformed(f"the value cannot cross as data: {error}") from error
        return cast(bytes, packed)

    def _unpacked(self, packed: bytes) -> Any:
        try:
            return msgpack.unpackb(
                packed,
                ext_hook=self._ext,
                strict_map_key=False,
                unicode_errors="surrogatepass",
                max_ext_len=LARGEST,
            )
        except Malformed:
            raise
        except Exception as error:
            # Whatever hostile bytes provoke, the answer is the same: not a value.
            raise Malformed(f"{type(error).__name__}: {error}") from error

    def _other(self, value: Any) -> msgpack.ExtType:
        """What MessagePack has no type for."""
        form = type(value)
        if form is torch.Tensor and plain(value):
            return msgpack.ExtType(TENSOR, self.pack(_tensor_parts(value)))
        if form is np.ndarray and value.dtype.kind in _ARRAY_KINDS:
            return msgpack.ExtType(ARRAY, self.pack(_array_parts(value)))
        if isinstance(value, np.generic) and value.dtype.kind in _ARRAY_KINDS:
            return msgpack.ExtType(SCALAR, self.pack(_array_parts(np.asarray(value))))
        if form in (tuple, torch.Size):
            return msgpack.ExtType(TUPLE, self.pack(list(value)))
        if form in (set, frozenset):
            code = SET if form is set else FROZENSET
            return msgpack.ExtType(code, self.pack(list(value)))
        if form is complex:
            return msgpack.ExtType(COMPLEX, self.pack([value.real, value.imag]))
        if form is int:
            return msgpack.ExtType(LONG, str(value).encode())
        if form is slice:
            return msgpack.ExtType(SLICE, self.pack([value.start, value.stop, value.step]))
        if form is torch.dtype:
            return msgpack.ExtType(DTYPE, str(value).removeprefix("torch.").encode())
        if value is Ellipsis:
            return msgpack.ExtType(DOTS, b"")
        number, name = self._keep(value)
        return msgpack.ExtType(HANDLE, f"{number}:{name}".encode("utf-8", "replace"))

    def _ext(self, code: int, content: bytes) -> Any:
        if code == HANDLE:
            number, _, name = content.decode().partition(":")
            return self._find(int(number), name)
        if code == LONG:
            return int(content)
        if code == DTYPE:
            return _DTYPES[content.decode()]
        if code == DOTS:
            return Ellipsis
        parts = self.unpack(content)
        if not isinstance(parts, list):
            raise Malformed(f"extension {code} without its parts")
        return _BUILD[code](parts)


def plain(tensor: torch.Tensor) -> bool:
    """Whether the tensor is dense numbers in memory, which can cross as raw bytes."""
    return (
        tensor.layout is torch.strided
        and tensor.device.type == "cpu"
        and str(tensor.dtype).removeprefix("torch.") in _DTYPES
    )


def _tensor_parts(tensor: torch.Tensor) -> list[Any]:
    flat = tensor.detach().resolve_conj().resolve_neg().contiguous().reshape(-1)
    raw = flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b""
    name = str(tensor.dtype).removeprefix("torch.")
    return [name, list(tensor.shape), bool(tensor.requires_grad), raw]


def _array_parts(array: np.ndarray[Any, Any]) -> list[Any]:
    return [array.dtype.str, list(array.shape), np.ascontiguousarray(array).tobytes()]


def _tensor(parts: list[Any]) -> torch.Tensor:
    name, shape, requires_grad, raw = parts
    dtype = _DTYPES[name]
    count = _count(shape)
    if count * dtype.itemsize != len(raw):
        raise Malformed(f"{len(raw)} bytes for a {name} tensor of shape {shape}")
    if not count:
        tensor = torch.empty(shape, dtype=dtype)
    else:
        tensor = torch.frombuffer(bytearray(raw), dtype=dtype).reshape(shape)
    return tensor.requires_grad_(requires_grad) if requires_grad is True else tensor


def _array(parts: list[Any]) -> np.ndarray[Any, Any]:
    name, shape, raw = parts
    dtype = np.dtype(name)
    if dtype.kind not in _ARRAY_KINDS or _count(shape) * dtype.itemsize != len(raw):
        raise Malformed(f"{len(raw)} bytes for a {name} array of shape {shape}")
    return np.frombuffer(bytearray(raw), dtype=dtype).reshape(shape)


def _count(shape: Any) -> int:
    if not isinstance(shape, list) or not all(type(n) is int and n >= 0 for n in shape):
        raise Malformed(f"no shape: {shape!r}")
    return math.prod(shape)


_BUILD: dict[int, Callable[[list[Any]], Any]] = {
    TENSOR: _tensor,
    ARRAY: _array,
    SCALAR: lambda parts: _array(parts)[()],
    TUPLE: tuple,
    SET: set,
    FROZENSET: frozenset,
    COMPLEX: lambda parts: complex(*parts),
    SLICE: lambda parts: slice(*parts),
}
