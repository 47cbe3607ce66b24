"""The wire: what crosses as data, and what hostile bytes can do."""

from __future__ import annotations

import math
import random
import socket
from typing import Any

import numpy as np
import pytest
import torch

from grader.engine.frames import Closed, Malformed, receive, receive_data, send, send_data
from grader.engine.wire import Codec


def codec() -> tuple[Codec, list[Any]]:
    """A codec that keeps what is no data in a list."""
    kept: list[Any] = []

    def keep(thing: Any) -> tuple[int, str]:
        kept.append(thing)
        return len(kept) - 1, type(thing).__name__

    return Codec(keep, lambda number, name: kept[number]), kept


DATA = [
    *(None, True, False, 0, -1, 2**63, -(2**90), 0.0, -0.0, 1e300, math.inf, 1 + 2j),
    *("", "é 🦙", "broken \udcff half", b"", b"\x00\xff"),
    *([], [1, [2, (3,)]], (), (1, "a"), {}, {"a": 1}, {(1, 2): [3]}, set(), {1, 2}),
    *(frozenset({"x"}), slice(1, None, -1), ..., torch.float32, torch.bfloat16),
]


@pytest.mark.parametrize("value", DATA, ids=repr)
def test_plain_values_cross_unchanged(value: Any) -> None:
    """Type and value are the same on the other side, and no handle was needed."""
    wire, kept = codec()
    back = wire.unpack(wire.pack(value))
    assert type(back) is type(value) and back == value
    assert kept == []


@pytest.mark.parametrize(
    "dtype",
    [
        *(torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.complex64),
        *(torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool),
        *(torch.float8_e4m3fn, torch.float8_e5m2, torch.uint16),
    ],
)
def test_tensors_of_every_dtype_cross_bit_for_bit(dtype: torch.dtype) -> None:
    """Shape, dtype and every bit survive, also of slices, transposes and empty tensors."""
    wire, _ = codec()
    whole = (torch.randn(2, 3, 5) * 3).to(dtype)
    for tensor in (whole, whole[:, 1], whole.transpose(0, 2), whole[0, 0, 0], whole[:0]):
        back = wire.unpack(wire.pack(tensor))
        assert type(back) is torch.Tensor
        assert back.dtype == dtype and back.shape == tensor.shape
        assert back.tolist() == tensor.tolist() or bool(tensor.isnan().any())


def test_not_a_number_crosses() -> None:
    """NaN stays NaN, alone and in a tensor."""
    wire, _ = codec()
    assert math.isnan(wire.unpack(wire.pack(math.nan)))
    assert wire.unpack(wire.pack(torch.tensor([math.nan, 1.0]))).isnan().tolist() == [True, False]


@pytest.mark.parametrize(
    "name", ["float64", "float32", "int64", "int8", "bool", "complex128", "<U3"]
)
def test_arrays_cross_bit_for_bit(name: str) -> None:
    """NumPy arrays and scalars keep dtype, shape and values."""
    wire, _ = codec()
    array = np.arange(6).reshape(2, 3).astype(name)
    back = wire.unpack(wire.pack(array))
    assert back.dtype == array.dtype and np.array_equal(back, array)
    scalar = wire.unpack(wire.pack(array[1, 1]))
    assert type(scalar) is type(array[1, 1]) and scalar == array[1, 1]


def test_a_tensor_that_needs_gradients_crosses_as_such() -> None:
    """``requires_grad`` is part of the value."""
    wire, _ = codec()
    assert wire.unpack(wire.pack(torch.ones(2, requires_grad=True))).requires_grad


class Float(float):
    """A float with a mind of its own."""


@pytest.mark.parametrize(
    "thing",
    [Float(1), object(), len, torch.nn.Parameter(torch.ones(2)), np.array([object()]), iter([])],
    ids=lambda thing: type(thing).__name__,
)
def test_anything_else_is_a_handle(thing: Any) -> None:
    """Objects and subclasses stay where they are; the same object comes back from its handle."""
    wire, kept = codec()
    assert wire.unpack(wire.pack([thing]))[0] is kept[0] is thing


def test_a_value_without_end_is_refused() -> None:
    """A list that holds itself is reported, not followed."""
    wire, _ = codec()
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(Malformed):
        wire.pack(endless)


def test_hostile_bytes_are_malformed_and_nothing_else() -> None:
    """Random, cut and altered frames raise Malformed, never another error."""
    wire, _ = codec()
    rng = random.Random(5)
    good = wire.pack([torch.ones(2, 3), {"a": (1, 2)}, np.ones(3), slice(1, 2), 2**80])
    for _ in range(3000):
        damaged = bytearray(good)
        for _ in range(rng.randint(1, 4)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        cut = (
            bytes(damaged[: rng.randint(0, len(damaged))]) if rng.random() < 0.3 else bytes(damaged)
        )
        try:
            wire.unpack(cut)
        except Malformed:
            continue


def test_a_tensor_with_too_few_bytes_is_malformed() -> None:
    """The shape must account for every byte."""
    wire, _ = codec()
    good = wire.pack(torch.ones(4))
    with pytest.raises(Malformed):
        wire.unpack(good.replace(b"\x91\x04", b"\x91\x7f", 1))


def test_frames_keep_their_bounds() -> None:
    """Frames arrive whole and in order, and an end is told from an empty frame."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for content in (b"", b"x", bytes(100_000)):
            send(ours, content)
            assert receive(theirs) == content
        send_data(ours, {"a": [1, "b", None]})
        assert receive_data(theirs) == {"a": [1, "b", None]}
        ours.close()
        with pytest.raises(Closed):
            receive(theirs)


def test_a_frame_that_claims_gigabytes_is_refused() -> None:
    """A length beyond the limit is refused before a byte is read."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b"\xff\xff\xff\xff")
        with pytest.raises(Malformed, match="claims"):
            receive(theirs)
