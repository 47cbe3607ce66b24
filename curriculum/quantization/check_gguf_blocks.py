"""The checks of dequantize for the blocks of a GGUF file."""

import struct

import pytest
import torch

from grader.checks import equal, holds, shaped

SIZES = {"Q8_0": 34, "Q4_0": 18, "Q4_1": 20}
"""How many bytes a block has."""


def test_each_block_gives_32_float32_weights(dequantize, randn, randint):
    """The result is float32 and has the shape of data, with 32 weights in place of each block."""
    for kind in SIZES:
        for leading, blocks in [((), 1), ((), 5), ((3,), 2), ((1,), 1), ((2, 3), 7)]:
            data, _ = _draw(randn, randint, kind, *leading, blocks)
            say = f"{kind}, data of shape {tuple(data.shape)}"
            shaped(dequantize(data, kind), (*leading, 32 * blocks), torch.float32, say=say)


def test_blocks_worked_by_hand(dequantize):
    """With d = 0.5 and m = -1, the byte 0x2f gives 6.5 and 0 in Q4_1, and 3.5 and -3 in Q4_0."""
    start, codes = [0x00, 0x38], [0x2F, 0x80] + [0x88] * 14
    got = dequantize(_bytes(start + codes), "Q4_0")
    want = torch.tensor([3.5, -4.0] + [0.0] * 14 + [-3.0, 0.0] + [0.0] * 14)
    equal(got, want, say="Q4_0, the bytes 00 38 2f 80 and 14 times 88")
    got = dequantize(_bytes([*start, 0x00, 0xBC, *codes]), "Q4_1")
    want = torch.tensor([6.5, -1.0] + [3.0] * 14 + [0.0, 3.0] + [3.0] * 14)
    equal(got, want, say="Q4_1, the bytes 00 38 00 bc 2f 80 and 14 times 88")
    got = dequantize(_bytes([*start, 1, 255, 127, 128] + [0] * 28), "Q8_0")
    want = torch.tensor([0.5, -0.5, 63.5, -64.0] + [0.0] * 28)
    equal(got, want, say="Q8_0, the bytes 00 38 01 ff 7f 80 and zeros")


def test_the_low_halves_are_the_first_sixteen_codes(dequantize):
    """Code j of a block is the low half of byte j, and code j + 16 its high half."""
    one, zero = [0x00, 0x3C], [0x00, 0x00]
    low, high = list(range(16)), [15 - code for code in range(16)]
    packed = [a + 16 * b for a, b in zip(low, high, strict=True)]
    want = torch.tensor([*low, *high]).float()
    say = "with d = 1, the codes 0 to 15 in the low halves and 15 to 0 in the high ones"
    equal(dequantize(_bytes(one + zero + packed), "Q4_1"), want, say=f"Q4_1, m = 0, {say}")
    equal(dequantize(_bytes(one + packed), "Q4_0"), want - 8, say=f"Q4_0, {say}")


def test_every_byte_of_codes_is_decoded(dequantize, randint):
    """All 256 bytes, at every place of a block, give the codes of their halves, or an int8."""
    one = [0x00, 0x3C]
    first = int(randint(0, 256, 1))
    for kind, per_block in (("Q4_0", 16), ("Q4_1", 16), ("Q8_0", 32)):
        rows, want = [], []
        for start in range(256):
            packed = [(first + start + 7 * j) % 256 for j in range(per_block)]
            rows.append(one + ([0, 0] if kind == "Q4_1" else []) + packed)
            if kind == "Q8_0":
                want.append([byte - 256 if byte > 127 else byte for byte in packed])
            else:
                codes = [byte % 16 for byte in packed] + [byte // 16 for byte in packed]
                want.append([code - 8 if kind == "Q4_0" else code for code in codes])
        say = f"{kind} with d = 1; each row is one block"
        equal(dequantize(_bytes(rows), kind), torch.tensor(want).float(), say=say)


def test_d_and_m_are_float16_with_the_low_byte_first(dequantize):
    """d and m may be any finite float16: negative, 0, subnormal, or 65,504."""
    numbers = [1.0, -2.5, 0.0, 2.0**-24, -(2.0**-20), 6.0e-5, 0.1, 1000.0, 65_504.0, -65_504.0]
    for d in numbers:
        exact = struct.unpack("<e", struct.pack("<e", d))[0]
        half = list(struct.pack("<e", d))
        for kind in ("Q8_0", "Q4_0"):
            packed = [0x01] * 32 if kind == "Q8_0" else [0x99] * 16
            got = dequantize(_bytes(half + packed), kind)
            equal(got, torch.full((32,), exact), say=f"{kind} with d = {d:g}, 32 times 1")
        got = dequantize(_bytes([*half, 0, 0] + [0x11] * 16), "Q4_1")
        equal(got, torch.full((32,), exact), say=f"Q4_1 with d = {d:g}, m = 0, 32 times 1")
        got = dequantize(_bytes([0, 0, *half] + [0x5A] * 16), "Q4_1")
        equal(got, torch.full((32,), exact), say=f"Q4_1 with d = 0 and m = {d:g}")


def test_every_weight_equals_the_formula_in_float32(dequantize, randn, randint):
    """Each weight is d q, d (c - 8) or d c + m, rounded once, to float32."""
    for kind in SIZES:
        data, want = _draw(randn, randint, kind, 60)
        equal(dequantize(data, kind), want, say=f"{kind}, 60 random blocks in a row")


def test_each_block_has_its_own_d_and_m(dequantize, randn, randint):
    """The blocks of a row, and the rows of data, are decoded each with its own d and m."""
    for kind in SIZES:
        for shape in [(2,), (18,), (32,), (3, 1), (5, 2), (2, 3, 4), (2, 1, 3, 2)]:
            data, want = _draw(randn, randint, kind, *shape)
            equal(dequantize(data, kind), want, say=f"{kind}, data of shape {tuple(data.shape)}")


def test_any_layout_in_memory_is_read(dequantize, randn, randint, beside):
    """Transposed and strided data, and parts that begin at an odd byte, give what a copy gives."""
    together, keep_all = beside("builtins.map"), beside("builtins.list")
    for kind in SIZES:
        for shape in [(1,), (3,), (4, 1), (5, 3), (2, 3, 2)]:
            data, want = _draw(randn, randint, kind, *shape)
            say = f"{kind}, data of shape {tuple(data.shape)}"
            for offset in (1, 2, 3):
                part = _cut(beside, torch.zeros(offset, dtype=torch.uint8), data)
                (got,) = keep_all(together(dequantize, part, [kind]))
                equal(got, want, say=f"{say}, from byte {offset} of a tensor on")
            turned = data.movedim(-1, 0).contiguous().movedim(0, -1)
            equal(dequantize(turned, kind), want, say=f"{say}, transposed in memory")
            apart = data.repeat_interleave(3, dim=-1)[..., ::3]
            equal(dequantize(apart, kind), want, say=f"{say}, every third byte of a larger tensor")
        data, want = _draw(randn, randint, kind, 2)
        same = dequantize(data.expand(3, -1), kind)
        equal(same, want.expand(3, -1).contiguous(), say=f"{kind}, a row expanded to three")


def test_a_row_of_incomplete_blocks_raises_value_error(dequantize):
    """If the bytes of a row are not a multiple of a block's bytes, ValueError is raised."""
    for kind, size in SIZES.items():
        shapes = [(size - 1,), (size + 1,), (1,), (2, size // 2), (size, 3), (3, 2 * size + 5)]
        for shape in shapes:
            with pytest.raises(ValueError):
                dequantize(torch.zeros(shape, dtype=torch.uint8), kind)
                holds(False, f"{kind} with data of shape {shape} raises ValueError")


def test_another_kind_raises_value_error(dequantize):
    """A kind that is not one of the three raises ValueError."""
    data = torch.zeros(2, 34 * 18 * 20, dtype=torch.uint8)
    for kind in ("Q4_K", "Q8_1", "Q4_2", "Q5_0", "Q5_1", "F32", "F16", "q8_0", "Q8", "Q4_", ""):
        with pytest.raises(ValueError):
            dequantize(data, kind)
            holds(False, f"the kind {kind!r} raises ValueError")


def test_the_data_stay_as_they_were(dequantize, randn, randint):
    """dequantize does not change data, and its result is a new tensor."""
    for kind in SIZES:
        for shape in [(1,), (3, 2)]:
            data, want = _draw(randn, randint, kind, *shape)
            before = data.clone()
            equal(dequantize(data, kind), want, say=f"{kind}, the first call")
            equal(data, before, say=f"{kind}: the call changed data")
            equal(dequantize(data, kind), want, say=f"{kind}, the second call")


def test_a_million_weights_take_at_most_twenty_times_the_references_time(
    dequantize, reference, pace, randn, randint
):
    """For 1,048,576 weights, in rows of any length, it takes at most 20 times the reference's."""
    for kind, shape in [("Q8_0", (32_768,)), ("Q4_0", (32_768, 1)), ("Q4_1", (1024, 32))]:
        data, _ = _draw(randn, randint, kind, *shape)
        ratio = pace(dequantize, reference("dequantize"), lambda data=data, kind=kind: (data, kind))
        rows = tuple(data.shape)
        says = f"{kind}, data of shape {rows}: a call takes at most 20 times as long"
        holds(ratio <= 20, says, want="at most 20 times", got=f"{ratio:.1f} times")


def _cut(beside, before, data):
    """Return an iterator over data alone, as a part of a tensor with other bytes before it.

    The part stays beside the learner's code: sent as data, it would begin at its own first byte.
    """
    larger = torch.cat([before, data.flatten(), before])
    cut = beside("operator.itemgetter")(slice(len(before), len(before) + data.numel()))
    shape = beside("operator.methodcaller")("view", data.shape)
    together = beside("builtins.map")
    return together(shape, together(cut, [larger]))


def _bytes(numbers):
    """Return numbers, or rows of numbers, as bytes in a tensor."""
    return torch.tensor(numbers, dtype=torch.uint8)


def _draw(randn, randint, kind, *shape):
    """Return rows of random blocks, and the weights that they store.

    ``shape`` is that of the blocks: the last number says how many there are in a row. d and m
    have many sizes and both signs.
    """
    d, m = ((randn(*shape, 1) * 2.0 ** randint(-12, 9, *shape, 1)).half() for _ in range(2))
    if kind == "Q8_0":
        codes = randint(-128, 128, *shape, 32)
        parts, m = [codes.to(torch.int8).view(torch.uint8)], torch.zeros(())
    else:
        codes = randint(0, 16, *shape, 32)
        parts = [(codes[..., :16] + 16 * codes[..., 16:]).to(torch.uint8)]
    if kind == "Q4_1":
        parts.insert(0, m.view(torch.uint8))
    if kind == "Q4_0":
        codes, m = codes - 8, torch.zeros(())
    # The bytes of a float16 as this machine has them: those with a little-endian processor.
    data = torch.cat([d.view(torch.uint8), *parts], dim=-1)
    weights = d.double() * codes + m.double()  # exact in float64
    return data.flatten(-2), weights.float().flatten(-2)
