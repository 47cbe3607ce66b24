"""The wire between judge and worker: a codec that cannot carry code.

A value is one MessagePack value in one frame. What crosses as data:
None, bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, slice,
Ellipsis, torch tensors and dtypes, NumPy arrays and scalars. Anything else is a handle: a
number that stands for an object on the other side. A subclass could bring behaviour of its own:
of a container that is nothing but its entries (a named tuple, an OrderedDict, a Counter) the
entries cross, in the container that it is based on; any other subclass is a handle. There is no
pickle here.

A question's tensors keep their layout in memory: a transposed, strided or expanded view is one on
the other side too, for code that reads memory in place of entries must be found wrong. Answers
are entries alone.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

import msgpack
import numpy as np
import torch

from grader.grading.protocol.frames import LARGEST, MalformedData

DEEPEST = 64
"""Tuples and sets may be nested so deep."""

TENSOR, ARRAY, SCALAR, TUPLE, SET, FROZENSET, COMPLEX, LONG, SLICE, DTYPE, HANDLE, DOTS, VIEW = (
    range(13)
)

# By name, since a name is what can cross; bf16 is here as every other. Quantised dtypes are left
# out: their numbers mean nothing without a scale, which raw bytes do not hold.
_DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in vars(torch).values()
    if isinstance(dtype, torch.dtype) and not str(dtype).startswith("torch.q")
}
# Numbers and text of fixed size. An array of objects ("O") holds pointers, which are nothing in
# another process, and from hostile bytes would be an address of the sender's choice.
_ARRAY_KINDS = "biufcSU"
_CONTAINERS = (tuple, list, dict, set, frozenset)


class Codec:
    """Values to bytes and back. ``keep`` and ``find`` turn objects into handles and back.

    A handle is a number and the name of the object's type, for messages. ``asks`` is the judge's
    side: it packs tensors with their layout and takes none, since a few bytes would be a tensor
    of any size.
    """

    def __init__(
        self,
        keep: Callable[[Any], tuple[int, str]],
        find: Callable[[int, str], Any],
        *,
        asks: bool = False,
    ) -> None:
        self._keep, self._find, self._asks, self._depth = keep, find, asks, 0

    def pack(self, value: Any) -> bytes:
        """Return the value as bytes; ``MalformedData`` when it is nested too deep or too large."""
        with self._count_depth():
            return self._pack_value(value)

    def unpack(self, packed: bytes) -> Any:
        """Return the value of some bytes; ``MalformedData`` when they are not one."""
        with self._count_depth():
            return self._unpack_value(packed)

    @contextlib.contextmanager
    def _count_depth(self) -> Iterator[None]:
        """Refuse what is nested too deep.

        MessagePack bounds its own lists and maps; an extension's content is packed by a call of
        ours within a call of its. A tuple in a tuple nine hundred times over would overflow the
        C stack, and with a raised recursion limit that ends the process instead of the call.
        """
        if self._depth >= DEEPEST:
            raise MalformedData(f"values nested deeper than {DEEPEST} levels cannot be sent")
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    def _pack_value(self, value: Any) -> bytes:
        try:
            # strict_types: without it a subclass of int or list is packed as its base. The judge
            # would see a plain 6 where the learner's code returned an object that equals anything.
            packed = msgpack.packb(
                value,
                default=self._pack_extension,
                strict_types=True,
                unicode_errors="surrogatepass",
            )
        except (ValueError, OverflowError, RecursionError) as error:
            raise MalformedData(f"the value cannot be sent as data: {error}") from error
        return cast(bytes, packed)

    def _unpack_value(self, packed: bytes) -> Any:
        try:
            return msgpack.unpackb(
                packed,
                ext_hook=self._unpack_extension,
                strict_map_key=False,  # a learner's dict may have any key
                unicode_errors="surrogatepass",
                max_ext_len=LARGEST,
            )
        except MalformedData:
            raise
        except Exception as error:
            # Whatever hostile bytes provoke (a KeyError for a dtype that is none, a TypeError for
            # a list as a key, a MemoryError for a shape), the answer is the same: not a value.
            raise MalformedData(f"{type(error).__name__}: {error}") from error

    def _pack_extension(self, value: Any) -> Any:
        """Pack what MessagePack has no type for; an object that is no data becomes a handle."""
        # ``is``, not isinstance: a subclass of Tensor stays where it is. What it would do
        # differently from its base must not get lost on the way.
        form = type(value)
        if form is torch.Tensor and self._asks and is_plain(value) and _has_layout(value):
            return msgpack.ExtType(VIEW, self.pack(_split_view(value)))
        if form is torch.Tensor and is_plain(value):
            return msgpack.ExtType(TENSOR, self.pack(_split_tensor(value)))
        if form is np.ndarray and value.dtype.kind in _ARRAY_KINDS:
            return msgpack.ExtType(ARRAY, self.pack(_split_array(value)))
        if isinstance(value, np.generic) and value.dtype.kind in _ARRAY_KINDS:
            return msgpack.ExtType(SCALAR, self.pack(_split_array(np.asarray(value))))
        if form in (tuple, torch.Size):
            return msgpack.ExtType(TUPLE, self.pack(list(value)))
        if form in (set, frozenset):
            code = SET if form is set else FROZENSET
            return msgpack.ExtType(code, self.pack(list(value)))
        if form is complex:
            return msgpack.ExtType(COMPLEX, self.pack([value.real, value.imag]))
        if form is int:  # beyond 64 bits
            return msgpack.ExtType(LONG, str(value).encode())
        if form is slice:
            return msgpack.ExtType(SLICE, self.pack([value.start, value.stop, value.step]))
        if form is torch.dtype:
            return msgpack.ExtType(DTYPE, str(value).removeprefix("torch.").encode())
        if value is Ellipsis:
            return msgpack.ExtType(DOTS, b"")
        base = _find_base(value)
        if base is not None:
            plain = base(value)
            # What is returned here is packed as it stands, and these two MessagePack knows.
            return plain if base in (list, dict) else self._pack_extension(plain)
        number, name = self._keep(value)
        return msgpack.ExtType(HANDLE, f"{number}:{name}".encode("utf-8", "replace"))

    def _unpack_extension(self, code: int, content: bytes) -> Any:
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
            raise MalformedData(f"extension {code} without its parts")
        if code == VIEW and self._asks:
            raise MalformedData("an answer's tensors come without a layout")
        return _BUILD[code](parts)


def _find_base(value: Any) -> type | None:
    """Return the container that a subclass is based on, if the entries are all that it holds.

    A module's ``state_dict()``, for one, has attributes of its own and stays where it is.
    """
    bases = (base for base in _CONTAINERS if isinstance(value, base) and type(value) is not base)
    return None if getattr(value, "__dict__", None) else next(bases, None)


def is_plain(tensor: torch.Tensor) -> bool:
    """Return whether the tensor is dense numbers in memory, which can cross as raw bytes."""
    return (
        tensor.layout is torch.strided
        and tensor.device.type == "cpu"
        and str(tensor.dtype).removeprefix("torch.") in _DTYPES
    )


def _split_tensor(tensor: torch.Tensor) -> list[Any]:
    """Return dtype, shape, whether a gradient is required, and the raw bytes."""
    # A conjugated or negated view has its numbers as they were and a flag beside them, and a
    # transposed one has them in another order: all three are made real before bytes are taken.
    whole = tensor.detach().resolve_conj().resolve_neg().contiguous()
    # Not reshape: a column of one row counts as contiguous and would keep its stride.
    flat = whole.as_strided((whole.numel(),), (1,))
    # As bytes, since NumPy has no bfloat16: ``.numpy()`` on such a tensor would raise.
    raw = flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b""
    name = str(tensor.dtype).removeprefix("torch.")
    return [name, list(tensor.shape), bool(tensor.requires_grad), raw]


def _has_layout(tensor: torch.Tensor) -> bool:
    """Return whether the entries do not simply lie one after another."""
    return not (tensor.is_contiguous() or tensor.is_conj() or tensor.is_neg())


def _split_view(tensor: torch.Tensor) -> list[Any]:
    """Return dtype, shape, gradient and memory as far as the last entry, then where entries lie."""
    strides, offset = list(tensor.stride()), int(tensor.storage_offset())
    memory = tensor.detach().as_strided((_find_end(tensor.shape, strides, offset),), (1,), 0)
    name, _, _, raw = _split_tensor(memory)
    return [name, list(tensor.shape), bool(tensor.requires_grad), raw, strides, offset]


def _split_array(array: np.ndarray[Any, Any]) -> list[Any]:
    """Return dtype (with its byte order), shape and raw bytes."""
    return [array.dtype.str, list(array.shape), np.ascontiguousarray(array).tobytes()]


def _build_tensor(parts: list[Any]) -> torch.Tensor:
    name, shape, requires_grad, raw = parts
    _check_types(name, raw)
    dtype = _DTYPES[name]
    count = _count_entries(shape)
    # torch would believe the shape, and read or allocate whatever it says.
    if count * dtype.itemsize != len(raw):
        raise MalformedData(f"{len(raw)} bytes for a {name} tensor of shape {shape}")
    if not count:  # frombuffer refuses an empty buffer
        tensor = torch.empty(shape, dtype=dtype)
    else:
        # A bytearray, since a tensor on read-only bytes warns, and writing to it is undefined.
        tensor = torch.frombuffer(bytearray(raw), dtype=dtype).reshape(shape)
    return tensor.requires_grad_(requires_grad) if requires_grad is True else tensor


def _build_view(parts: list[Any]) -> torch.Tensor:
    name, shape, requires_grad, raw, strides, offset = parts
    _check_types(name, raw)
    dtype = _DTYPES[name]
    count, _ = _count_entries(shape), _count_entries([*strides, offset])
    if not count or len(strides) != len(shape) or count * dtype.itemsize > LARGEST:
        raise MalformedData(f"no layout of shape {shape}: {strides}")
    if _find_end(shape, strides, offset) * dtype.itemsize != len(raw):
        raise MalformedData(f"{len(raw)} bytes for strides {strides} and shape {shape}")
    memory = torch.frombuffer(bytearray(raw), dtype=dtype)
    return memory.as_strided(shape, strides, offset).requires_grad_(requires_grad is True)


def _find_end(shape: Sequence[int], strides: Sequence[int], offset: int) -> int:
    """Return the place in memory after the last entry."""
    return offset + 1 + sum((n - 1) * step for n, step in zip(shape, strides, strict=True))


def _build_array(parts: list[Any]) -> np.ndarray[Any, Any]:
    name, shape, raw = parts
    _check_types(name, raw)
    dtype = np.dtype(name)
    if dtype.kind not in _ARRAY_KINDS or _count_entries(shape) * dtype.itemsize != len(raw):
        raise MalformedData(f"{len(raw)} bytes for a {name} array of shape {shape}")
    return np.frombuffer(bytearray(raw), dtype=dtype).reshape(shape)


def _check_types(name: Any, raw: Any) -> None:
    """Refuse a dtype that is no text and content that is no bytes.

    NumPy and ``len`` would ask a stand-in in their place for its attributes, and so the sender.
    """
    if type(name) is not str or type(raw) is not bytes:
        raise MalformedData("a tensor or an array without its parts")


def _count_entries(shape: Any) -> int:
    # Exact types again: True is an int, and -1 would have reshape choose a size.
    if not isinstance(shape, list) or not all(type(n) is int and n >= 0 for n in shape):
        raise MalformedData(f"not a shape: {shape!r}")
    return math.prod(shape)


_BUILD: dict[int, Callable[[list[Any]], Any]] = {
    TENSOR: _build_tensor,
    ARRAY: _build_array,
    SCALAR: lambda parts: _build_array(parts)[()],
    TUPLE: tuple,
    SET: set,
    FROZENSET: frozenset,
    COMPLEX: lambda parts: complex(*parts),
    SLICE: lambda parts: slice(*parts),
    VIEW: _build_view,
}
