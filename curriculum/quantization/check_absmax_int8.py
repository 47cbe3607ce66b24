"""The checks of quantize and dequantize."""

import torch

from grader.checks import close, equal, formed

FLOAT32 = {"atol": 0, "rtol": 1e-5}
"""The accuracy of float32, which is enough for numbers in float64 too."""


def test_q_is_int8_and_the_scale_is_one_number(quantize, randn):
    """q has dtype int8 and the shape of x; the scale has shape () and the dtype of x."""
    for name, dtype in (("float32", torch.float32), ("float64", torch.float64)):
        got = quantize(randn(2, 3, 5, dtype=dtype))
        formed(got, "tuple of 2", "(q, scale)")
        q, scale = got
        formed(q, "int8 tensor 2x3x5", "q")
        formed(scale, f"{name} tensor scalar", "the scale")


def test_dequantize_gives_the_shape_of_q_and_the_dtype_of_the_scale(dequantize, randint):
    """dequantize returns a tensor of the shape of q and the dtype of scale."""
    q = randint(-127, 128, 2, 3).to(torch.int8)
    for name, dtype in (("float32", torch.float32), ("float64", torch.float64)):
        got = dequantize(q, torch.tensor(1.0, dtype=dtype))
        formed(got, f"{name} tensor 2x3", f"the result for a {name} scale")


def test_numbers_worked_by_hand(quantize):
    """For [1, -2.54, 0, 2] the scale is 0.02 and q is [50, -127, 0, 100]."""
    q, scale = quantize(torch.tensor([1.0, -2.54, 0.0, 2.0]))
    close(scale, torch.tensor(0.02), say="the absmax is 2.54, and 2.54 / 127 is 0.02")
    equal(q, torch.tensor([50, -127, 0, 100], dtype=torch.int8), say="x / 0.02, rounded")


def test_dequantize_multiplies_by_the_scale(dequantize):
    """With a scale of 3, dequantize maps -127, -1, 0 and 100 to -381, -3, 0 and 300."""
    got = dequantize(torch.tensor([-127, -1, 0, 100], dtype=torch.int8), torch.tensor(3.0))
    close(got, torch.tensor([-381.0, -3.0, 0.0, 300.0]))


def test_halves_go_to_the_even_neighbour(quantize):
    """With a scale of 1, the numbers 0.5, 1.5, 2.5, -0.5 and -1.5 become 0, 2, 2, 0 and -2."""
    q, _ = quantize(torch.tensor([127.0, 0.5, 1.5, 2.5, -0.5, -1.5]))
    equal(q, torch.tensor([127, 0, 2, 2, 0, -2], dtype=torch.int8))


def test_quantizing_follows_the_rule_number_by_number(quantize, randn):
    """For tensors of any shape, the scale is max |x| / 127 and q is round(x / scale)."""
    for shape in [(), (7,), (3, 5), (2, 3, 5)]:
        x = randn(*shape, dtype=torch.float64) if shape else torch.tensor(-3.0).double()
        flat = x.reshape(-1).tolist()
        scale = max(abs(number) for number in flat) / 127
        whole = torch.tensor([round(number / scale) for number in flat], dtype=torch.int8)
        got_q, got_scale = quantize(x)
        want = torch.tensor(scale, dtype=torch.float64)
        close(got_scale, want, say=f"the scale for x of shape {shape}", **FLOAT32)
        equal(got_q, whole.reshape(shape), say=f"q for x of shape {shape}")


def test_minus_x_gives_minus_q_and_the_same_scale(quantize, randn):
    """Negating x negates q and leaves the scale unchanged, because -128 is never used."""
    x = randn(3, 5) * 3
    x[1, 2] = 50.0
    q, scale = quantize(x)
    opposite, same = quantize(-x)
    equal(opposite, -q, say="q for -x")
    equal(same, scale, say="the scale for -x")
    equal(
        (int(q.max()), int(opposite.min())),
        (127, -127),
        say="the largest q, and the smallest for -x",
    )


def test_no_number_moves_by_more_than_half_a_scale(quantize, dequantize, randn):
    """Quantized and dequantized, no number of a tensor changes by more than scale / 2."""
    for absmax in (1.0, 1e4, 1e-4, 5e29, 2e-30, 1e-12, 3e38, 1e-38):
        for dtype in (torch.float32, torch.float64):
            x = randn(11, 13, dtype=torch.float64)
            x[0, 0] = 30.0
            x = (x * (absmax / 30)).to(dtype)
            back = dequantize(*quantize(x))
            # Three roundings in float32, of numbers up to 127 steps, are less than 3e-5 steps.
            # Near 1e-38 a scale has 16 bits: 127 roundings of 2**-17 are 0.001 steps.
            steps = 0.502 if absmax < 1e-37 else 0.50003
            close(back, x, atol=steps * absmax / 127, rtol=0, say=f"absmax {absmax:g}, {dtype}")


def test_the_scale_is_proportional_to_the_absmax(quantize):
    """Multiplying x by 1e-38, 1e-6 or 1e38 multiplies the scale and leaves q unchanged."""
    x = torch.tensor([3.0, -1.2, 0.5, 0.1], dtype=torch.float64)
    want = torch.tensor([127, -51, 21, 4], dtype=torch.int8)
    for size in (1.0, 1e-6, 1e38, 1e-38):
        for dtype in (torch.float32, torch.float64):
            q, scale = quantize((x * size).to(dtype))
            equal(q, want, say=f"q for [3, -1.2, 0.5, 0.1] times {size:g}, {dtype}")
            got = scale.double() / size
            close(got, torch.tensor(3 / 127).double(), atol=0, rtol=1e-4, say=f"scale / {size:g}")


def test_the_layout_in_memory_does_not_matter(quantize, dequantize, randn):
    """Transposed and strided tensors give the same numbers as their contiguous copies."""
    x = randn(67, 131)
    for view, name in ((x.T, "transposed"), (x[::2, 1::3], "strided"), (x[:1].expand(5, -1), "")):
        q, scale = quantize(view)
        want_q, want = quantize(view.contiguous())
        say = f"a {name or 'expanded'} tensor"
        equal(q.contiguous(), want_q, say=f"q of {say}")
        equal(scale, want, say=f"the scale of {say}")
    q = torch.arange(-127, 128, dtype=torch.int8).reshape(5, 51)
    want = q.T.float() * 0.5
    close(dequantize(q.T, torch.tensor(0.5)), want, say="dequantize of a transposed tensor")


def test_zeros_have_the_scale_one(quantize, dequantize):
    """A tensor of zeros has the scale 1 and the q 0, and is dequantized to zeros."""
    for dtype in (torch.float32, torch.float64):
        q, scale = quantize(torch.zeros(2, 3, dtype=dtype))
        close(scale, torch.tensor(1.0, dtype=dtype), say=f"the scale of zeros of {dtype}")
        equal(q, torch.zeros(2, 3, dtype=torch.int8), say=f"q of zeros of {dtype}")
        equal(dequantize(q, scale), torch.zeros(2, 3, dtype=dtype), say="dequantized")


def test_the_inputs_stay_as_they_were(quantize, dequantize, randn):
    """quantize and dequantize return new tensors and do not change their arguments."""
    x = randn(3, 5)
    before = x.clone()
    quantize(x)
    equal(x, before, say="the call changed its input x; return a new tensor")
    q, scale = torch.tensor([-127, 5, 100], dtype=torch.int8), torch.tensor(0.5)
    dequantize(q, scale)
    equal(q, torch.tensor([-127, 5, 100], dtype=torch.int8), say="the call changed its input q")
    equal(scale, torch.tensor(0.5), say="the call changed its input scale")
