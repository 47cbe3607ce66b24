"""The checks of per-channel quantize and dequantize."""

import torch

from grader.checks import close, equal, formed, load_shared

shared = load_shared(__file__)
FLOAT32 = shared.FLOAT32
SINGLE, DOUBLE = torch.float32, torch.float64


def test_q_is_int8_and_there_is_one_scale_for_each_row(quantize, randn):
    """q has dtype int8 and the shape of w; the scales have shape (out,) and the dtype of w."""
    for name, dtype in (("float32", SINGLE), ("float64", DOUBLE)):
        for rows, columns in [(3, 5), (5, 3), (1, 7), (7, 1)]:
            got = quantize(randn(rows, columns, dtype=dtype))
            formed(got, "tuple of 2", "(q, scale)")
            q, scale = got
            formed(q, f"int8 tensor {rows}x{columns}", "q")
            formed(scale, f"{name} tensor {rows}", f"the scales of {rows} rows")


def test_dequantize_gives_the_shape_of_q_and_the_dtype_of_the_scales(dequantize, randint):
    """dequantize returns a tensor of the shape of q and the dtype of scale."""
    for name, dtype in (("float32", SINGLE), ("float64", DOUBLE)):
        for rows, columns in [(3, 5), (1, 7), (7, 1)]:
            q = randint(-127, 128, rows, columns).to(torch.int8)
            got = dequantize(q, torch.ones(rows, dtype=dtype))
            formed(got, f"{name} tensor {rows}x{columns}", f"the result for {name} scales")


def test_two_rows_worked_by_hand(quantize):
    """For the rows [1, -2.54, 0] and [25.4, 0.2, 10] the scales are 0.02 and 0.2."""
    q, scale = quantize(torch.tensor([[1.0, -2.54, 0.0], [25.4, 0.2, 10.0]]))
    close(scale, torch.tensor([0.02, 0.2]), say="2.54 / 127 and 25.4 / 127")
    want = torch.tensor([[50, -127, 0], [127, 1, 50]], dtype=torch.int8)
    equal(q, want, say="each row divided by its own scale, and rounded")


def test_dequantize_multiplies_each_row_by_its_own_scale(dequantize, randint):
    """Row i is multiplied by scale[i], also in a square matrix, where a wrong axis fits too."""
    q = torch.tensor([[1, 2], [100, -127]], dtype=torch.int8)
    want = torch.tensor([[3.0, 6.0], [50.0, -63.5]])
    close(dequantize(q, torch.tensor([3.0, 0.5])), want, say="scales 3 and 0.5")
    for rows, columns in [(3, 5), (5, 3), (7, 7), (1, 5), (5, 1)]:
        q = randint(-127, 128, rows, columns).to(torch.int8)
        scale = randint(1, 100, rows).double() / 16
        numbers = [[a * s for a in row] for row, s in zip(q.tolist(), scale.tolist(), strict=True)]
        want = torch.tensor(numbers, dtype=DOUBLE)
        close(dequantize(q, scale), want, say=f"q of shape ({rows}, {columns})", **FLOAT32)


def test_halves_go_to_the_even_neighbour(quantize):
    """With scales of 1 and 2, the halves 0.5, 1.5, 2.5 and -1.5 become 0, 2, 2 and -2."""
    rows = [[127.0, 0.5, 1.5, 2.5, -1.5], [1.0, 3.0, 5.0, -3.0, -254.0]]
    q, _ = quantize(torch.tensor(rows))
    want = [[127, 0, 2, 2, -2], [0, 2, 2, -2, -127]]
    equal(q, torch.tensor(want, dtype=torch.int8))


def test_every_row_follows_the_rule_with_its_own_absmax(quantize, randint):
    """For matrices of any size, the scales are the absmax of each row / 127, and q is rounded."""
    for rows, columns in [(3, 5), (5, 3), (7, 7), (1, 11), (11, 1), (131, 67)]:
        x, want = shared.draw_off_ties(randint, rows, columns, 127)
        sizes = randint(1, 50, rows).double() / 8
        for dtype in (SINGLE, DOUBLE):
            q, scale = quantize((x * sizes[:, None]).to(dtype))
            say = f"w of shape ({rows}, {columns})"
            close(scale, sizes.to(dtype), say=f"the scales for {say}", **FLOAT32)
            equal(q, want, say=f"q for {say}")


def test_minus_w_gives_minus_q_and_the_same_scales(quantize, randint):
    """Negating w negates q and leaves the scales unchanged, because -128 is never used."""
    x, want = shared.draw_off_ties(randint, 13, 7, 127)
    w = (x * (randint(1, 50, 13).double() / 8)[:, None]).float()
    q, scale = quantize(w)
    opposite, same = quantize(-w)
    equal(q, want, say="q for w")
    equal(opposite, -want, say="q for -w")
    equal(same, scale, say="the scales for -w")


def test_no_weight_moves_by_more_than_half_the_scale_of_its_row(quantize, dequantize, randn):
    """Quantized and dequantized, no weight changes by more than scale[i] / 2."""
    absmax = torch.tensor([1.0, 1e4, 1e-4, 5e29, 2e-30, 1e-12, 3e38, 1e-38], dtype=DOUBLE)
    for dtype in (SINGLE, DOUBLE):
        x = randn(8, 53, dtype=DOUBLE)
        x[:, 17] = 30.0
        w = (x * (absmax / 30)[:, None]).to(dtype)
        back = dequantize(*quantize(w))
        for i, largest in enumerate(absmax.tolist()):
            # Three roundings in float32, of numbers up to 127 steps, are less than 3e-5 steps.
            # Near 1e-38 a scale has 16 bits: 127 roundings of 2**-17 are 0.001 steps.
            steps = 0.502 if largest < 1e-37 else 0.50003
            say = f"a row with the absmax {largest:g}, beside others, {dtype}"
            close(back[i], w[i], atol=steps * largest / 127, rtol=0, say=say)


def test_an_outlier_makes_its_own_row_coarse_and_no_other(quantize, randint):
    """A weight that grows to 1,000 times the absmax changes the scale and the q of its row only."""
    for row, column in [(0, 0), (2, 4), (6, 1)]:
        w = shared.draw_off_ties(randint, 7, 5, 127)[0].float()
        q, scale = quantize(w)
        planted = w.clone()
        planted[row, column] = -127_000.0
        got_q, got_scale = quantize(planted)
        others = [i for i in range(7) if i != row]
        say = f"rows without the outlier, which is in row {row}"
        equal(got_scale[others], scale[others], say=f"the scales of {say}")
        equal(got_q[others], q[others], say=f"q of {say}")
        close(got_scale[row], torch.tensor(1000.0), say="the scale of the outlier's row")
        want = torch.zeros(5, dtype=torch.int8)
        want[column] = -127
        equal(got_q[row], want, say="127 steps of 1 are less than half of a step of 1,000")


def test_a_row_of_zeros_has_the_scale_one(quantize, dequantize):
    """A row of zeros has the scale 1 and q 0, whether other rows are zeros or not."""
    for dtype in (SINGLE, DOUBLE):
        w = torch.tensor([[0.0, 0.0], [1.27, -0.5], [0.0, 0.0], [1e-30, 0.0]], dtype=dtype)
        for rows in (w[:1], w, w[2:]):
            q, scale = quantize(rows)
            zero = (rows == 0).all(dim=1)
            ones = torch.ones(int(zero.sum()), dtype=dtype)
            equal(scale[zero], ones, say=f"the scales of rows of zeros, {dtype}")
            equal(q[zero], torch.zeros_like(q[zero]), say="q of rows of zeros")
            back = dequantize(q, scale)
            equal(back[zero], torch.zeros_like(rows[zero]), say="rows of zeros dequantized")
            close(back[~zero], rows[~zero], atol=0.0051, rtol=0, say="the other rows")


def test_the_layout_in_memory_does_not_matter(quantize, dequantize, randint):
    """Transposed and strided matrices give the same numbers as their contiguous copies."""
    x, _ = shared.draw_off_ties(randint, 67, 31, 127)
    views = [("transposed", x.T), ("strided", x[::2, 1::3]), ("expanded", x[:1].expand(5, -1))]
    for name, view in views:
        q, scale = quantize(view)
        want = view.abs().amax(dim=1) / 127
        close(scale, want, say=f"the scales of a matrix that is {name}", **FLOAT32)
        steps = (dequantize(q, scale) - view).abs().amax(dim=1) / want
        # Steps of a half are allowed; a number in another place is off by many.
        close(steps.clamp(min=0.501), torch.full_like(steps, 0.501), say=f"steps off, {name}")
    q = torch.arange(-127, 128, dtype=torch.int8).reshape(5, 51)
    scale = torch.arange(1, 103).float()[::2] / 4
    want = q.T.float() * scale.reshape(51, 1)
    close(dequantize(q.T, scale), want, say="dequantize of a transposed q, with strided scales")


def test_the_inputs_stay_as_they_were(quantize, dequantize, randn):
    """quantize and dequantize return new tensors and do not change their arguments."""
    w = randn(3, 5)
    before = w.clone()
    quantize(w)
    equal(w, before, say="the call changed its input w; return a new tensor")
    q, scale = torch.tensor([[-127, 5], [100, 0]], dtype=torch.int8), torch.tensor([0.5, 2.0])
    dequantize(q, scale)
    want = torch.tensor([[-127, 5], [100, 0]], dtype=torch.int8)
    equal(q, want, say="the call changed its input q")
    equal(scale, torch.tensor([0.5, 2.0]), say="the call changed its input scale")
