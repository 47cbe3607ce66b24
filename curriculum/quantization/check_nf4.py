"""The checks of levels, quantize and dequantize for NF4."""

from itertools import pairwise
from statistics import NormalDist

import torch

from grader.checks import close, equal, formed, holds, load_shared, shaped

shared = load_shared(__file__)
FLOAT32 = shared.FLOAT32
SINGLE, DOUBLE = torch.float32, torch.float64
SHAPES = [(64,), (1,), (63,), (65,), (3, 50), (5, 64), (2, 3, 32), (7, 1), (2, 1, 3, 70), ()]
"""Shapes whose number of weights 64 divides, and others."""


def test_there_are_sixteen_levels_from_minus_one_to_one(levels):
    """levels() is a float32 tensor of 16 ascending numbers; the first is -1, the last 1."""
    got = levels()
    shaped(got, (16,), SINGLE)
    holds(bool((got[1:] > got[:-1]).all()), "each level is larger than the one before", got=got)
    equal(got[[0, 15]], torch.tensor([-1.0, 1.0]), say="levels 0 and 15")


def test_level_7_is_exactly_zero(levels):
    """Seven levels are negative, level 7 is 0, and eight are positive."""
    got = levels()
    equal(got[7:8], torch.zeros(1), say="level 7")
    equal(got.sign(), torch.tensor([-1.0] * 7 + [0.0] + [1.0] * 8), say="the signs")


def test_the_levels_are_quantiles_of_the_normal_distribution(levels):
    """The levels are Q(1/2 + a i/8) and -Q(1/2 + a i/7), divided by Q(1 - delta)."""
    close(levels(), torch.tensor(_levels()).float(), atol=1e-5, rtol=0)


def test_codes_are_uint8_and_there_is_one_absmax_for_each_block(quantize):
    """Codes have dtype uint8 and the shape of w; absmax has shape (ceil(N / 64),) and w's dtype."""
    for name, dtype in (("float32", SINGLE), ("float64", DOUBLE)):
        for shape in SHAPES:
            w = torch.linspace(-1, 1, max(1, torch.Size(shape).numel()), dtype=dtype).reshape(shape)
            got = quantize(w)
            formed(got, "tuple of 2", f"(codes, absmax) for w of shape {shape}")
            shaped(got[0], shape, torch.uint8, say=f"codes for w of shape {shape}")
            blocks = -(-w.numel() // 64)
            formed(got[1], f"{name} tensor {blocks}", f"absmax for w of shape {shape}")


def test_a_block_worked_by_hand(quantize, dequantize):
    """For [[0.5, -4], [0, 2]] the absmax is 4 and the codes are [[9, 0], [7, 12]]."""
    codes, absmax = quantize(torch.tensor([[0.5, -4.0], [0.0, 2.0]]))
    equal(absmax, torch.tensor([4.0]), say="the absmax")
    equal(codes, torch.tensor([[9, 0], [7, 12]], dtype=torch.uint8), say="the codes")
    got = dequantize(codes, torch.tensor([4.0]))
    want = torch.tensor([[0.64372, -4.0], [0.0, 1.76284]])
    close(got, want, atol=1e-4, rtol=0, say="the weights restored")


def test_each_weight_gets_the_nearest_level(quantize, randint):
    """The code is the index of the level that is nearest to w / absmax, for all 16 levels."""
    ordered = torch.tensor(_levels(), dtype=DOUBLE)
    # Near each middle of two levels, on either side of it, and the levels themselves.
    gaps = ordered[1:] - ordered[:-1]
    numbers = [ordered, ordered[:-1] + 0.4997 * gaps, ordered[:-1] + 0.5003 * gaps]
    codes = [torch.arange(16), torch.arange(15), torch.arange(1, 16)]
    order = torch.randperm(46, generator=torch.Generator().manual_seed(int(randint(0, 99, 1))))
    w, want = torch.cat(numbers)[order], torch.cat(codes)[order].to(torch.uint8)
    for absmax in (1.0, 0.03125, 500.0):
        for dtype in (SINGLE, DOUBLE):
            got, scale = quantize((absmax * w).to(dtype))
            equal(got, want, say=f"numbers around each level, with the absmax {absmax:g}")
            close(scale, torch.tensor([absmax], dtype=dtype), say="the absmax", **FLOAT32)


def test_each_block_has_its_own_absmax(quantize, randint):
    """Weights 0 to 63 are divided by their absmax, weights 64 to 127 by theirs, and so on."""
    for count in (64, 128, 320):
        w, want, sizes = _draw(randint, count)
        for dtype in (SINGLE, DOUBLE):
            codes, absmax = quantize(w.to(dtype))
            close(absmax, sizes.to(dtype), say=f"absmax for {count} weights", **FLOAT32)
            equal(codes, want, say=f"codes for {count} weights")


def test_blocks_run_across_rows(quantize, dequantize, randint):
    """Blocks are cut from w.flatten(), so that a block may reach from one row into the next."""
    for shape in [(3, 50), (64, 3), (2, 3, 32), (7, 1), (130, 2), (2, 1, 3, 70)]:
        w, want, sizes = _draw(randint, torch.Size(shape).numel())
        codes, absmax = quantize(w.float().reshape(shape))
        close(absmax, sizes.float(), say=f"absmax for w of shape {shape}", **FLOAT32)
        equal(codes, want.reshape(shape), say=f"codes for w of shape {shape}")
        back = _restore(want, sizes).reshape(shape)
        got = dequantize(want.reshape(shape), sizes)
        close(got, back, say=f"weights restored, of shape {shape}", atol=1e-5 * 125, rtol=0)


def test_the_last_block_has_what_is_left(quantize, randint):
    """If 64 does not divide N, the last N % 64 weights are a block of their own."""
    for count in (1, 2, 31, 63, 65, 100, 127, 129, 200):
        w, want, sizes = _draw(randint, count)
        codes, absmax = quantize(w.float())
        close(absmax, sizes.float(), say=f"absmax for {count} weights", **FLOAT32)
        equal(codes, want, say=f"codes for {count} weights")


def test_zero_stays_exactly_zero(quantize, dequantize):
    """A weight of 0 gets the code 7 and is restored as 0; a block of zeros has the absmax 0."""
    for dtype in (SINGLE, DOUBLE):
        for shape in [(1,), (64,), (3, 70)]:
            w = torch.zeros(shape, dtype=dtype)
            codes, absmax = quantize(w)
            sevens = torch.full(shape, 7, dtype=torch.uint8)
            equal(codes, sevens, say=f"codes of zeros of shape {shape}")
            equal(absmax, torch.zeros(-(-w.numel() // 64), dtype=dtype), say="absmax of zeros")
            equal(dequantize(codes, absmax), w, say="zeros restored")
        w = torch.zeros(200, dtype=dtype)
        w[70], w[199] = -3.0, 1e-30
        codes, absmax = quantize(w)
        want = torch.tensor([0.0, 3.0, 0.0, 1e-30], dtype=dtype)
        close(absmax, want, say="blocks of zeros beside blocks with one weight", **FLOAT32)
        want = torch.full((200,), 7, dtype=torch.uint8)
        want[70], want[199] = 0, 15
        equal(codes, want, say="codes of one weight in a block of zeros")


def test_small_and_large_blocks_are_quantized_alike(quantize, dequantize, randint):
    """The codes do not depend on the size of a block, from an absmax of 1e-37 to 3e38."""
    sizes = torch.tensor([1e-37, 3e38, 1e-20, 1.0, 1e-8, 1e-5], dtype=DOUBLE)
    w, want, old = _draw(randint, 64 * len(sizes))
    w = (w.reshape(-1, 64) / old[:, None] * sizes[:, None]).flatten()
    for dtype in (SINGLE, DOUBLE):
        codes, absmax = quantize(w.to(dtype))
        close(absmax, sizes.to(dtype), say="absmax of small and large blocks", **FLOAT32)
        equal(codes, want, say="codes of small and large blocks")
        back = dequantize(want, sizes.to(dtype)).double().reshape(-1, 64) / sizes[:, None]
        unit = _restore(want, torch.ones(len(sizes), dtype=DOUBLE)).reshape(-1, 64)
        close(back, unit, atol=1e-5, rtol=0, say="weights restored, divided by the absmax")


def test_dequantize_looks_each_level_up(dequantize, randint):
    """Code i of the flattened codes becomes its level times absmax[i // 64], in absmax's dtype."""
    for shape in SHAPES:
        count = torch.Size(shape).numel()
        codes = randint(0, 16, count).to(torch.uint8)
        sizes = randint(0, 1000, -(-count // 64)).double() / 8
        for dtype in (SINGLE, DOUBLE):
            got = dequantize(codes.reshape(shape), sizes.to(dtype))
            shaped(got, shape, dtype, say=f"codes of shape {shape}")
            want = _restore(codes, sizes).to(dtype).reshape(shape)
            close(got, want, atol=1e-5 * 125, rtol=0, say=f"codes of shape {shape}")
    every = torch.arange(16, dtype=torch.uint8)
    got = dequantize(every, torch.tensor([2.0]))
    close(got, 2 * torch.tensor(_levels()).float(), atol=1e-5, rtol=0, say="all codes, absmax 2")


def test_the_layout_in_memory_does_not_matter(quantize, dequantize, randint):
    """Transposed, strided and expanded tensors give what their contiguous copies give."""
    w, want, sizes = _draw(randint, 6 * 70)
    w, want = w.float().reshape(6, 70), want.reshape(6, 70)
    back = _restore(want.flatten(), sizes).reshape(6, 70)
    views = [
        ("transposed", w.T.contiguous().T, want.T.contiguous().T),
        ("strided", w.repeat_interleave(2, 1)[:, ::2], want.repeat_interleave(2, 1)[:, ::2]),
    ]
    for name, view, codes in views:
        got, absmax = quantize(view)
        equal(got, want, say=f"codes of a {name} w")
        close(absmax, sizes.float(), say=f"absmax of a {name} w", **FLOAT32)
        apart = sizes.repeat_interleave(2)[::2]
        got = dequantize(codes, apart)
        close(got, back, atol=1e-5 * 125, rtol=0, say=f"{name} codes, restored")
    row = torch.tensor([1.0, 0.1, -1.0, 0.0])
    got, absmax = quantize(row.expand(20, 4))
    equal(got, torch.tensor([15, 8, 0, 7], dtype=torch.uint8).repeat(20, 1), say="an expanded w")
    equal(absmax, torch.ones(2), say="absmax of an expanded w")


def test_nothing_is_changed_and_nothing_is_shared(levels, quantize, dequantize, randint, beside):
    """No function changes its arguments, and changing the result of levels() changes nothing."""
    w, _, sizes = _draw(randint, 128)
    codes = torch.arange(64, dtype=torch.uint8) % 16
    for given in (w.float(), w.float().reshape(2, 64)):
        before = given.clone()
        quantize(given)
        equal(given, before, say="quantize changed its input w")
    before, absmax = codes.clone(), sizes[:1].clone()
    dequantize(codes, absmax)
    equal(codes, before, say="dequantize changed its input codes")
    equal(absmax, sizes[:1], say="dequantize changed its input absmax")
    want = levels()
    got = [level.item() for level in want]
    # The result stays beside the learner's code, where it is set to 0.
    results = beside("itertools.starmap")(levels, [()])
    beside("builtins.list")(beside("builtins.map")(beside("torch.zero_"), results))
    equal([level.item() for level in levels()], got, say="levels(), after a result was set to 0")


def _levels():
    """Return the levels by their definition."""
    quantile, a = NormalDist().inv_cdf, 0.5 - (1 / 32 + 1 / 30) / 2
    positive = [quantile(0.5 + a * i / 8) for i in range(1, 9)]
    negative = [-quantile(0.5 + a * i / 7) for i in range(7, 0, -1)]
    return [number / positive[-1] for number in [*negative, 0.0, *positive]]


def _draw(randint, count):
    """Return weights away from the middle of two levels, their codes, and each block's absmax."""
    ordered = _levels()
    middles = [-1.0, *((one + other) / 2 for one, other in pairwise(ordered)), 1.0]
    low, high = (torch.tensor(part, dtype=DOUBLE) for part in (middles[:-1], middles[1:]))
    codes = randint(0, 16, count)
    # Not nearer to a middle than a tenth of the level's own cell.
    inside = low[codes] + (high - low)[codes] * randint(10, 91, count).double() / 100
    blocks = torch.arange(count) // 64
    for block in range(int(blocks[-1]) + 1):
        place = 64 * block + int(randint(0, min(64, count - 64 * block), 1))
        sign = int(randint(0, 2, 1))
        inside[place], codes[place] = 2.0 * sign - 1, 15 * sign
    sizes = randint(1, 1000, int(blocks[-1]) + 1).double() / 8
    return inside * sizes[blocks], codes.to(torch.uint8), sizes


def _restore(codes, sizes):
    """Return in float64 the weights that codes in one dimension stand for."""
    ordered = torch.tensor(_levels(), dtype=DOUBLE)
    return ordered[codes.long()] * sizes.double()[torch.arange(len(codes)) // 64]
