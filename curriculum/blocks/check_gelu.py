"""The checks of GELU."""

import math

import torch
from torch.nn import functional

from grader.checks import close, equal, finite, gradients, shaped

SINGLE, DOUBLE = torch.float32, torch.float64


def test_the_result_has_the_shape_and_dtype_of_x(gelu, randn):
    """The result has the shape and the dtype of x, also if x has no dimensions or no numbers."""
    for dtype in (SINGLE, DOUBLE):
        for shape in [(3,), (), (2, 3, 5), (2, 1, 3, 2, 5), (0,), (0, 3)]:
            got = gelu(randn(*shape, dtype=dtype))
            shaped(got, shape, dtype, say=f"x of shape {shape} and {dtype}")


def test_numbers_worked_by_hand(gelu):
    """gelu(1) is 0.84119, gelu(-1) is -0.15881, and gelu(0) is 0."""
    got = gelu(torch.tensor([-1.0, 0.0, 1.0]))
    say = "0.79788 (1 + 0.044715) is 0.83356, and its tanh is 0.68238"
    close(got, torch.tensor([-0.158808, 0.0, 0.841192]), say=say)


def test_each_number_follows_the_rule(gelu, randn):
    """The formula is applied to each number on its own."""
    for shape in [(2, 3, 5), (), (131,), (1, 1), (2, 1, 3, 2, 5)]:
        x = 3 * randn(*shape, dtype=DOUBLE)
        close(gelu(x), _by_loop(x), say=f"x of shape {shape}")
    x = 3 * randn(7, 11)
    close(gelu(x), _by_loop(x), say="float32")


def test_it_is_the_tanh_form(gelu):
    """Near 2.2 and -2.2, where the two forms differ most, the result is that of the tanh form."""
    x = torch.tensor([-2.5, -2.2, 2.2, 2.5])
    # The two forms differ there by 3e-4 to 5e-4; rounding in float32 stays below 1e-6.
    want = functional.gelu(x, approximate="tanh")
    close(
        gelu(x),
        want,
        atol=1e-5,
        rtol=0,
        say="the tanh form is due, not the one with the error function",
    )


def test_small_numbers_are_halved(gelu):
    """Close to zero gelu(x) is x / 2, also for numbers of 1e-5 and 1e-30."""
    for dtype in (SINGLE, DOUBLE):
        x = torch.tensor([1e-5, -1e-5, 1e-12, -1e-30, 1e-30], dtype=dtype)
        # gelu(x) is x / 2 + 0.4 x^2, and 0.8e-5 of x / 2 for the largest of these.
        close(gelu(x), x / 2, atol=0, rtol=1e-4, say=f"{dtype}")


def test_gelu_of_x_minus_gelu_of_minus_x_is_x(gelu, randn):
    """gelu(x) - gelu(-x) is x, because the shares that pass sum to 1."""
    x = 3 * randn(7, 11)
    close(gelu(x) - gelu(-x), x)


def test_far_from_zero_it_passes_everything_or_nothing(gelu):
    """gelu(10,000) is 10,000, gelu(-10,000) is 0, and their gradients are 1 and 0, not NaN."""
    for dtype in (SINGLE, DOUBLE):
        x = torch.tensor(
            [100.0, 1e4, -100.0, -1e4, 9, 13, 20, 3e3, -9, -13, -20, -3e3], dtype=dtype
        )
        got = gelu(x)
        finite(got, say=f"{dtype}")
        close(got, x.clamp(min=0), say=f"{dtype}")
        (slope,) = gradients(gelu, x, upstream=torch.ones(12, dtype=dtype))
        finite(slope, say=f"the gradient in {dtype}")
        close(slope, (x > 0).to(dtype), say=f"the gradient in {dtype}")


def test_the_layout_in_memory_makes_no_difference(gelu, randn):
    """An x that is a transposed, strided or expanded view gives what a copy of it gives."""
    x = 2 * randn(3, 5, 7)
    turned = x.transpose(0, 2).contiguous().transpose(0, 2)
    close(gelu(turned), _by_loop(x), say="a transposed view")
    strided = x.repeat_interleave(2, dim=2)[:, :, ::2]
    close(gelu(strided), _by_loop(x), say="every second number of a tensor")
    rows = x[0, :1].expand(3, 7)
    close(gelu(rows), _by_loop(rows), say="a row that is expanded to three")


def test_x_stays_as_it_was(gelu, randn):
    """gelu returns a new tensor and does not change its input."""
    for dtype in (SINGLE, DOUBLE):
        x = 20 * randn(3, 5, dtype=dtype)
        before = x.clone()
        gelu(x)
        equal(x, before, say="the call changed its input x; return a new tensor")


def test_each_call_returns_a_tensor_of_its_own(gelu, randn, live, beside):
    """Each call computes anew: x may be changed afterwards, and results stay as they are."""
    first, second = randn(2, 3, 5)
    wants = [_by_loop(first), _by_loop(second)]
    results = beside("builtins.list")(beside("builtins.map")(gelu, [first.clone(), second]))
    for got, want in zip(results, wants, strict=True):
        close(got, want, say="two calls, one after the other")
    x = live(first.abs() + 20)
    pairs = beside("builtins.map")(gelu, [x]), [x]
    same = beside("builtins.list")(beside("builtins.map")(beside("operator.is_"), *pairs))
    equal(same, [False], say="gelu(x) is x itself, where all numbers are far above zero")
    close(gelu(x), first.abs() + 20)
    x.mul_(-2)
    close(gelu(x), torch.zeros(3, 5), say="the same tensor again, with its numbers changed")


def test_the_gradient_is_torchs(gelu, randn):
    """The gradient equals that of PyTorch's gelu in the tanh form."""
    for shape, dtype in [((3, 5), DOUBLE), ((), DOUBLE), ((7, 11), SINGLE)]:
        x, upstream = 3 * randn(*shape, dtype=dtype), randn(*shape, dtype=dtype)
        (got,) = gradients(gelu, x, upstream=upstream)
        twin = x.clone().requires_grad_()
        (functional.gelu(twin, approximate="tanh") * upstream).sum().backward()
        # Float32's accuracy, also for float64.
        close(got, twin.grad, atol=1e-5, rtol=1e-4, say=f"x of shape {shape} and {dtype}")


def _by_loop(x):
    """GELU by the formula, one number after the other."""
    root = math.sqrt(2 / math.pi)
    bent = [0.5 * n * (1 + math.tanh(root * (n + 0.044715 * n**3))) for n in x.flatten().tolist()]
    return torch.tensor(bent, dtype=x.dtype).view_as(x)
