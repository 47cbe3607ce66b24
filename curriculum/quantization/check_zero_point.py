"""The checks of zero-point quantize and dequantize."""

import torch

from grader.checks import close, equal, formed

FLOAT32 = {"atol": 0, "rtol": 1e-5}
"""The accuracy of float32, which is enough for numbers in float64 too."""
SINGLE, DOUBLE = torch.float32, torch.float64


def test_q_and_the_zero_point_are_uint8_and_the_scale_is_one_number(quantize, randn):
    """q and z have dtype uint8; z and the scale have shape (); the scale has the dtype of x."""
    for name, dtype in (("float32", SINGLE), ("float64", DOUBLE)):
        for shape in [(2, 3, 5), (3, 6), (7,)]:
            got = quantize(randn(*shape, dtype=dtype))
            formed(got, "tuple of 3", "(q, scale, zero_point)")
            q, scale, z = got
            formed(q, f"uint8 tensor {'x'.join(map(str, shape))}", "q")
            formed(scale, f"{name} tensor scalar", "the scale")
            formed(z, "uint8 tensor scalar", "the zero point")


def test_dequantize_gives_the_shape_of_q_and_the_dtype_of_the_scale(dequantize, randint):
    """dequantize returns a tensor of the shape of q and the dtype of scale."""
    q = randint(0, 256, 2, 3).to(torch.uint8)
    for name, dtype in (("float32", SINGLE), ("float64", DOUBLE)):
        got = dequantize(q, torch.tensor(1.0, dtype=dtype), _byte(128))
        formed(got, f"{name} tensor 2x3", f"the result for a {name} scale")


def test_numbers_worked_by_hand(quantize):
    """For 0, -3, 124.5 and 1.2 the scale is 127.5 / 255, z is 6 and q is [6, 0, 255, 8]."""
    q, scale, z = quantize(torch.tensor([0.0, -3.0, 124.5, 1.2]))
    close(scale, torch.tensor(0.5), say="the range from -3 to 124.5 has 255 steps")
    equal(z, _byte(6), say="the number -3 is 6 steps of 0.5 below 0")
    want = torch.tensor([6, 0, 255, 8], dtype=torch.uint8)
    equal(q, want, say="x / 0.5, rounded, plus 6")


def test_dequantize_subtracts_the_zero_point_and_multiplies(dequantize):
    """With the zero point 8 and the scale 0.5, the integers 8, 0 and 255 become 0, -4 and 123.5."""
    q = torch.tensor([8, 0, 255, 9, 7], dtype=torch.uint8)
    want = torch.tensor([0.0, -4.0, 123.5, 0.5, -0.5])
    close(dequantize(q, torch.tensor(0.5), _byte(8)), want, say="scale 0.5, zero point 8")
    for z in (0, 127, 255):
        for dtype in (SINGLE, DOUBLE):
            q = torch.arange(256).to(torch.uint8)
            want = (torch.arange(256) - z).to(dtype) * 3
            got = dequantize(q, torch.tensor(3.0, dtype=dtype), _byte(z))
            close(got, want, say=f"all bytes, scale 3, zero point {z}")


def test_halves_go_to_the_even_neighbour(quantize):
    """Halves of a step are rounded to even before z is added, below 0 and above it."""
    for z in (100, 101):
        x = torch.tensor([float(-z), 0.5, 1.5, -0.5, -1.5, 2.5, 255.0 - z])
        q, _, got = quantize(x)
        equal(got, _byte(z), say=f"the zero point of numbers from {-z} to {255 - z}")
        want = torch.tensor([0, z, z + 2, z, z - 2, z + 2, 255], dtype=torch.uint8)
        equal(q, want, say=f"0.5, 1.5, -0.5, -1.5 and 2.5 steps, zero point {z}")


def test_the_rule_holds_for_any_range_around_zero(quantize, randint):
    """For numbers from lo to hi, the scale, z and q follow the rule, for any shape."""
    sizes = [((2,), 60), ((7,), 0), ((3, 6), 255), ((2, 3, 5), 1), ((67, 31), 254), ((1, 4), 128)]
    for shape, z in sizes:
        x, want = _draw(randint, shape, z)
        size = int(randint(1, 100, 1)) / 16
        for dtype in (SINGLE, DOUBLE):
            q, scale, got = quantize((x * size).to(dtype))
            say = f"numbers of shape {shape} from {-z * size:g} to {(255 - z) * size:g}"
            close(scale, torch.tensor(size, dtype=dtype), say=f"the scale: {say}", **FLOAT32)
            equal(got, _byte(z), say=f"the zero point: {say}")
            equal(q, want, say=f"q: {say}")


def test_a_range_on_one_side_of_zero_is_extended_to_zero(quantize):
    """If all numbers are positive, z is 0; if all are negative, z is 255; 0 is in the range."""
    x = torch.tensor([51.0, 20.0, 40.2, 30.0])
    for dtype in (SINGLE, DOUBLE):
        for sign, z, want in ((1, 0, [255, 100, 201, 150]), (-1, 255, [0, 155, 54, 105])):
            q, scale, got = quantize(sign * x.to(dtype))
            say = f"the numbers {(sign * x).tolist()}"
            close(scale, torch.tensor(0.2, dtype=dtype), say=f"the scale for {say}", **FLOAT32)
            equal(got, _byte(z), say=f"the zero point for {say}")
            equal(q, torch.tensor(want, dtype=torch.uint8), say=f"q for {say}")
    q, scale, z = quantize(torch.tensor([1000.0, 1000.5, 1001.0]))
    say = "numbers far from 0 have a large scale"
    close(scale, torch.tensor(1001 / 255), say=say, **FLOAT32)
    equal(q, torch.tensor([255, 255, 255], dtype=torch.uint8), say="q of numbers far from 0")


def test_zero_is_restored_exactly(quantize, dequantize, randn):
    """A number 0 becomes z and is restored as exactly 0, whatever the other numbers are."""
    for shift in (0.0, 2.0, -50.0):
        for dtype in (SINGLE, DOUBLE):
            x = randn(3, 7).to(dtype) + shift
            x[1, 2] = 0.0
            q, scale, z = quantize(x)
            equal(q[1, 2], z, say=f"q of the number 0 among numbers near {shift:g}")
            got = dequantize(q, scale, z)[1, 2]
            equal(got, torch.zeros((), dtype=dtype), say="the number 0, restored")


def test_no_number_moves_by_more_than_half_a_scale(quantize, dequantize, randn):
    """Quantized and dequantized, no number changes by more than scale / 2, at the ends either."""
    for size, shift in ((1.0, 0.0), (1e-4, 0.7), (1e37, -0.9), (1e-29, 5.0)):
        for dtype in (SINGLE, DOUBLE):
            x = ((randn(11, 13, dtype=DOUBLE) + shift).clamp(-9, 9) * size).to(dtype)
            lo, hi = min(0.0, x.min().item()), max(0.0, x.max().item())
            back = dequantize(*quantize(x))
            # Roundings in float32, of numbers up to 255 steps, are less than 1e-4 steps.
            atol = 0.5001 * (hi - lo) / 255
            say = f"normal numbers plus {shift:g}, times {size:g}, {dtype}"
            close(back, x, atol=atol, rtol=0, say=say)


def test_both_ends_of_the_range_fit_into_a_byte(quantize):
    """If both ends are half a step off, q stays from 0 to 255 and does not wrap around."""
    for steps in (1, 2, 11, 100, 127, 128, 253, 254):
        # From -(steps + 1/2) to 254.5 - steps: 255 steps of size 1, and none at 0 or 255.
        x = torch.tensor([-steps - 0.5, 254.5 - steps, 0.0])
        q, scale, z = quantize(x)
        say = f"numbers from {-steps - 0.5} to {254.5 - steps}"
        close(scale, torch.tensor(1.0), say=f"the scale for {say}")
        even = steps + steps % 2
        equal(z, _byte(even), say=f"the zero point for {say}")
        top = 254 - steps + (254 - steps) % 2 + even
        want = torch.tensor([0, min(top, 255), even], dtype=torch.uint8)
        equal(q, want, say=f"q for {say}")


def test_constants_and_zeros(quantize, dequantize):
    """Equal numbers become 255 if they are positive and 0 if negative; zeros have the scale 1."""
    for dtype in (SINGLE, DOUBLE):
        for number, z, integer in ((3.0, 0, 255), (-7.5, 255, 0), (1e-30, 0, 255), (1e38, 0, 255)):
            x = torch.full((2, 3), number, dtype=dtype)
            q, scale, got = quantize(x)
            want = torch.tensor(abs(number) / 255, dtype=dtype)
            close(scale, want, say=f"the scale of constants {number:g}", **FLOAT32)
            equal(got, _byte(z), say=f"the zero point of constants {number:g}")
            equal(q, torch.full((2, 3), integer).to(torch.uint8), say=f"q of constants {number:g}")
            close(dequantize(q, scale, got), x, say="restored", **FLOAT32)
        x = torch.zeros(2, 3, dtype=dtype)
        q, scale, got = quantize(x)
        equal(scale, torch.ones((), dtype=dtype), say="the scale of zeros")
        equal(got, _byte(0), say="the zero point of zeros")
        equal(q, torch.zeros(2, 3, dtype=torch.uint8), say="q of zeros")
        equal(dequantize(q, scale, got), x, say="zeros restored")


def test_the_layout_in_memory_does_not_matter(quantize, dequantize, randint):
    """Transposed, strided and expanded tensors give what their contiguous copies give."""
    x, want = _draw(randint, (67, 31), 99)
    pairs = [
        ("transposed", x.T.contiguous().T, want),
        ("strided", x.repeat_interleave(2, dim=1)[:, ::2], want),
        ("expanded", x.flatten().expand(3, -1), want.flatten().repeat(3, 1)),
        ("single number", torch.tensor(-3.0), torch.tensor(0)),
    ]
    for name, view, integers in pairs:
        q, _, _ = quantize(view)
        equal(q, integers.to(torch.uint8), say=f"q of a tensor that is {name}")
    q = torch.arange(255).to(torch.uint8).reshape(5, 51)
    got = dequantize(q.T, torch.tensor(0.5), _byte(7))
    close(got, (q.T.float() - 7) * 0.5, say="dequantize of a transposed tensor")


def test_the_inputs_stay_as_they_were(quantize, dequantize, randn):
    """quantize and dequantize return new tensors and do not change their arguments."""
    x = randn(3, 5)
    before = x.clone()
    quantize(x)
    equal(x, before, say="the call changed its input x; return a new tensor")
    q, scale, z = torch.tensor([0, 5, 200]).to(torch.uint8), torch.tensor(0.5), _byte(9)
    dequantize(q, scale, z)
    equal(q, torch.tensor([0, 5, 200]).to(torch.uint8), say="the call changed its input q")
    equal((scale, z), (torch.tensor(0.5), _byte(9)), say="the call changed scale or zero_point")


def _byte(number):
    """Return a zero point."""
    return torch.tensor(number, dtype=torch.uint8)


def _draw(randint, shape, z):
    """Return numbers away from ties that have the scale 1 and the zero point z, and their q."""
    size = torch.Size(shape).numel()
    q = randint(0, 256, size)
    x = (q - z + randint(-40, 41, size).double() / 100).clamp(-z, 255 - z)
    # Both ends of the range, at two places of it.
    first = int(randint(0, size, 1))
    places = [first, (first + 1 + int(randint(0, size - 1, 1))) % size]
    q[places] = torch.tensor([0, 255])
    x[places] = torch.tensor([-z, 255 - z], dtype=DOUBLE)
    return x.reshape(shape), q.to(torch.uint8).reshape(shape)
