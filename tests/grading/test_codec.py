"""The wire: what crosses as data, and what hostile bytes can do."""

from __future__ import annotations

import math
import random
import socket
from collections import Counter, OrderedDict
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch

from grader.grading.protocol.codec import Codec
from grader.grading.protocol.frames import (
    ConnectionClosed,
    MalformedData,
    receive,
    receive_data,
    send,
    send_data,
)


def codec(asks: bool = False) -> tuple[Codec, list[Any]]:
    """A codec that keeps what is no data in a list."""
    kept: list[Any] = []

    def keep(thing: Any) -> tuple[int, str]:
        kept.append(thing)
        return len(kept) - 1, type(thing).__name__

    return Codec(keep, lambda number, name: kept[number], asks=asks), kept


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
    """Shape, dtype and every bit survive, also of slices, transposes, columns and empty tensors."""
    wire, _ = codec()
    whole = (torch.randn(2, 3, 5) * 3).to(dtype)
    column = whole[0, :1, 1]  # one entry, whose stride is not 1
    for tensor in (whole, whole[:, 1], whole.transpose(0, 2), whole[0, 0, 0], whole[:0], column):
        back = wire.unpack(wire.pack(tensor))
        assert type(back) is torch.Tensor
        assert back.dtype == dtype and back.shape == tensor.shape
        assert back.tolist() == tensor.tolist() or bool(tensor.isnan().any())


@pytest.mark.parametrize("dtype", [torch.int64, torch.float32, torch.bfloat16, torch.bool])
def test_a_question_keeps_the_layout_of_its_tensors(dtype: torch.dtype) -> None:
    """Strides, offset and what lies between the entries cross; an answer is entries alone."""
    (judge, _), (worker, _) = codec(asks=True), codec()
    whole = (torch.arange(2 * 3 * 5) % 7).to(dtype).reshape(2, 3, 5)
    views = [whole.transpose(0, 2), whole[:, 1::2, 1:4], whole[0, :1].expand(3, 5)]
    for view in views:
        back = worker.unpack(judge.pack(view))
        assert back.dtype == dtype and torch.equal(back, view)
        assert back.stride() == view.stride() and back.storage_offset() == view.storage_offset()
        assert torch.equal(back.as_strided((3,), (1,), 0), view.as_strided((3,), (1,), 0))
        answer = judge.unpack(worker.pack(back))
        assert torch.equal(answer, view) and answer.is_contiguous()


def test_a_layout_in_an_answer_or_beyond_its_memory_is_malformed() -> None:
    """A few bytes cannot become a tensor of any size, nor read what lies beyond them."""
    (judge, _), (worker, _) = codec(asks=True), codec()
    question = judge.pack(torch.zeros(4, 4).T)
    with pytest.raises(MalformedData):
        judge.unpack(question)
    assert worker.unpack(question).shape == (4, 4)
    with pytest.raises(MalformedData):  # a stride of 5 in place of 4
        worker.unpack(question.replace(b"\x92\x01\x04\x00", b"\x92\x01\x05\x00"))
    huge = judge.pack(torch.zeros(1).expand(2**30))
    with pytest.raises(MalformedData):
        worker.unpack(huge)


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


class Pair(NamedTuple):
    """A pair with names."""

    one: Any
    other: Any


class Noted(dict):  # type: ignore[type-arg]
    """A dict that can hold more than its entries."""


CONTAINERS = [
    (Pair(1, (2, Pair(3, 4))), (1, (2, (3, 4)))),
    (torch.ones(2, 2).max(1).__class__((torch.ones(2), torch.zeros(2).long())), None),
    (OrderedDict(b=1, a=[Pair(0, 0)]), {"b": 1, "a": [(0, 0)]}),
    (Counter("abb"), {"a": 1, "b": 2}),
    (Noted(a=1), {"a": 1}),
]


@pytest.mark.parametrize(("value", "want"), CONTAINERS, ids=lambda thing: type(thing).__name__)
def test_the_entries_of_a_named_container_cross(value: Any, want: Any) -> None:
    """A subclass that holds nothing but its entries crosses as what it is based on."""
    wire, kept = codec()
    back = wire.unpack(wire.pack(value))
    assert kept == []
    if want is None:
        assert type(back) is tuple and [part.tolist() for part in back] == [[1, 1], [0, 0]]
    else:
        assert type(back) is type(want) and back == want and list(back) == list(want)


def test_a_container_with_attributes_is_a_handle() -> None:
    """What holds more than its entries stays where it is, a module's state among them."""
    noted = Noted(a=1)
    noted.note = "kept"  # type: ignore[attr-defined]
    for thing in (noted, torch.nn.Linear(2, 3).state_dict()):
        wire, kept = codec()
        assert wire.unpack(wire.pack(thing)) is kept[0] is thing


@pytest.mark.parametrize(
    "thing",
    [Float(1), object(), len, torch.nn.Parameter(torch.ones(2)), np.array([object()]), iter([])],
    ids=lambda thing: type(thing).__name__,
)
def test_anything_else_is_a_handle(thing: Any) -> None:
    """Objects and other subclasses stay where they are; a handle finds the same object again."""
    wire, kept = codec()
    assert wire.unpack(wire.pack([thing]))[0] is kept[0] is thing


def test_a_value_without_end_is_refused() -> None:
    """A list that holds itself is reported, not followed."""
    wire, _ = codec()
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(MalformedData):
        wire.pack(endless)


def test_hostile_bytes_are_malformed_and_nothing_else() -> None:
    """Random, cut and altered frames raise MalformedData, never another error."""
    wire, _ = codec()
    rng = random.Random(5)
    packed = codec(asks=True)[0]
    views = [torch.ones(3, 2).T, torch.ones(1).expand(3)]
    good = packed.pack([torch.ones(2, 3), {"a": (1, 2)}, np.ones(3), slice(1, 2), 2**80, *views])
    for _ in range(3000):
        damaged = bytearray(good)
        for _ in range(rng.randint(1, 4)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        cut = (
            bytes(damaged[: rng.randint(0, len(damaged))]) if rng.random() < 0.3 else bytes(damaged)
        )
        try:
            wire.unpack(cut)
        except MalformedData:
            continue


def test_a_tensor_with_too_few_bytes_is_malformed() -> None:
    """The shape must account for every byte."""
    wire, _ = codec()
    good = wire.pack(torch.ones(4))
    with pytest.raises(MalformedData):
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
        with pytest.raises(ConnectionClosed):
            receive(theirs)


def test_a_frame_that_claims_gigabytes_is_refused() -> None:
    """A length beyond the limit is refused before a byte is read."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b"\xff\xff\xff\xff")
        with pytest.raises(MalformedData, match="a length of"):
            receive(theirs)
