"""What is asked of quantize and dequantize."""

import torch

from grader.engine.expect import close, equal, formed


def test_q_is_int8_and_the_scale_is_one_number(quantize, randn):
    """q is int8 and of the shape of x; the scale has shape () and the dtype of x."""
    for name, dtype in (("float32", torch.float32), ("float64", torch.float64)):
        got = quantize(randn(2, 3, 5, dtype=dtype))
        formed(got, "tuple of 2", "(q, scale)")
        q, scale = got
        formed(q, "int8 tensor 2x3x5", "q")
        formed(scale, f"{name} tensor scalar", "the scale")


def test_dequantize_gives_the_shape_of_q_and_the_dtype_of_the_scale(dequantize, randint):
    """An int8 tensor of shape (2, 3) and a float64 scale give float64 numbers of shape (2, 3)."""
    q = randint(-127, 128, 2, 3).to(torch.int8)
    for name, dtype in (("float32", torch.float32), ("float64", torch.float64)):
        got = dequantize(q, torch.tensor(1.0, dtype=dtype))
        formed(got, f"{name} tensor 2x3", f"the result for a {name} scale")


def test_numbers_worked_by_hand(quantize):
    """With -2.54 the largest, the scale is 0.02, and 1, -2.54, 0 and 2 are 50, -127, 0, 100."""
    q, scale = quantize(torch.tensor([1.0, -2.54, 0.0, 2.0]))
    close(scale, torch.tensor(0.02), say="2.54 / 127")
    equal(q, torch.tensor([50, -127, 0, 100], dtype=torch.int8))


def test_dequantize_multiplies_by_the_scale(dequantize):
    """With a scale of 3, the numbers -127, -1, 0 and 100 stand for -381, -3, 0 and 300."""
    got = dequantize(torch.tensor([-127, -1, 0, 100], dtype=torch.int8), torch.tensor(3.0))
    close(got, torch.tensor([-381.0, -3.0, 0.0, 300.0]))


def test_halves_go_to_the_even_neighbour(quantize):
    """With a scale of 1, the numbers 0.5, 1.5, 2.5, -0.5 and -1.5 become 0, 2, 2, 0 and -2."""
    q, _ = quantize(torch.tensor([127.0, 0.5, 1.5, 2.5, -0.5, -1.5]))
    equal(q, torch.tensor([127, 0, 2, 2, 0, -2], dtype=torch.int8))


def test_quantizing_follows_the_rule_number_by_number(quantize, randn):
    """For tensors of any shape q is round(x / scale), and the scale is max |x| / 127."""
    for shape in [(), (7,), (3, 5), (2, 3, 5)]:
        x = randn(*shape, dtype=torch.float64) if shape else torch.tensor(-3.0).double()
        flat = x.reshape(-1).tolist()
        scale = max(abs(number) for number in flat) / 127
        whole = torch.tensor([round(number / scale) for number in flat], dtype=torch.int8)
        got_q, got_scale = quantize(x)
        close(got_scale, torch.tensor(scale, dtype=torch.float64), say=f"scale for shape {shape}")
        equal(got_q, whole.reshape(shape), say=f"q for x of shape {shape}")


def test_minus_x_gives_minus_q_and_the_same_scale(quantize, randn):
    """Turning every sign turns the signs of q alone, so -128 is never used."""
    x = randn(3, 5) * 3
    x[1, 2] = 50.0
    q, scale = quantize(x)
    opposite, same = quantize(-x)
    equal(opposite, -q, say="q of -x")
    equal(same, scale, say="the scale of -x")
    equal((int(q.max()), int(opposite.min())), (127, -127), say="where the largest |x| goes")


def test_no_number_moves_by_more_than_half_a_scale(quantize, dequantize, randn):
    """Quantized and given back, every number lies within scale / 2, beside large ones too."""
    for size in (1e-4, 1.0, 1e4):
        x = randn(11, 13, dtype=torch.float64) * size
        x[0, 0] *= 30
        q, scale = quantize(x)
        back = dequantize(q, scale)
        # Beyond the half step only the roundings of float64 remain.
        close(back, x, atol=0.5000001 * float(x.abs().max()) / 127, rtol=0, say=f"size {size}")


def test_zeros_have_the_scale_one(quantize, dequantize):
    """A tensor of zeros gives q = 0 and scale 1, and zeros again."""
    q, scale = quantize(torch.zeros(2, 3))
    close(scale, torch.tensor(1.0))
    equal(q, torch.zeros(2, 3, dtype=torch.int8))
    equal(dequantize(q, scale), torch.zeros(2, 3))


def test_the_inputs_stay_as_they_were(quantize, dequantize, randn):
    """Neither x nor q nor the scale changes."""
    x = randn(3, 5)
    before = x.clone()
    quantize(x)
    equal(x, before, say="the x that went in has changed")
    q, scale = torch.tensor([-127, 5, 100], dtype=torch.int8), torch.tensor(0.5)
    dequantize(q, scale)
    equal(q, torch.tensor([-127, 5, 100], dtype=torch.int8), say="the q that went in has changed")
    equal(scale, torch.tensor(0.5), say="the scale that went in has changed")
