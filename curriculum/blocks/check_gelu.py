"""What is asked of GELU."""

import math

import torch
from torch.nn import functional

from grader.engine.expect import close, equal, finite, shaped
from grader.engine.side import gradients


def test_the_result_has_the_shape_and_dtype_of_x(gelu, randn):
    """The result has the shape and the dtype of what went in, also without any numbers."""
    for shape in [(), (3,), (2, 3, 5), (0, 3)]:
        shaped(gelu(randn(*shape)), shape, torch.float32, say=f"x of shape {shape}")
    shaped(gelu(randn(2, 3, dtype=torch.float64)), (2, 3), torch.float64, say="float64")


def test_numbers_worked_by_hand(gelu):
    """For 1 the tanh is that of 0.83356, and of 1 passes 0.84119; of -1 remains -0.15881."""
    got = gelu(torch.tensor([-1.0, 0.0, 1.0]))
    say = "0.79788 (1 + 0.044715) is 0.83356, and its tanh is 0.68238"
    close(got, torch.tensor([-0.158808, 0.0, 0.841192]), say=say)


def test_each_number_follows_the_rule(gelu, randn):
    """Every number becomes what the formula gives for it alone."""
    x = 3 * randn(2, 3, 5, dtype=torch.float64)
    close(gelu(x), _by_loop(x))


def test_it_is_the_tanh_form(gelu):
    """Where the two forms lie furthest apart, near 2.2 and -2.2, it is the one with tanh."""
    x = torch.tensor([-2.5, -2.2, 2.2, 2.5])
    # The forms differ there by 3e-4 to 5e-4; rounding in float32 stays below 1e-6.
    want = functional.gelu(x, approximate="tanh")
    close(gelu(x), want, atol=1e-5, rtol=0, say="tanh, not the error function")


def test_what_passes_of_x_and_of_minus_x_makes_the_whole(gelu, randn):
    """gelu(x) - gelu(-x) is x, since the shares that pass add up to 1."""
    x = 3 * randn(7, 11)
    close(gelu(x) - gelu(-x), x)


def test_far_from_zero_it_passes_everything_or_nothing(gelu):
    """Of 10,000 everything passes and of -10,000 nothing, without NaN, gradients included."""
    x = torch.tensor([100.0, 1e4, -100.0, -1e4])
    got = gelu(x)
    finite(got)
    close(got, torch.tensor([100.0, 1e4, 0.0, 0.0]))
    (slope,) = gradients(gelu, x, upstream=torch.ones(4))
    finite(slope, say="the gradient")
    close(slope, torch.tensor([1.0, 1.0, 0.0, 0.0]), say="the gradient")


def test_x_stays_as_it_was(gelu, randn):
    """GELU gives a new tensor and leaves its input alone."""
    x = randn(3, 5)
    before = x.clone()
    gelu(x)
    equal(x, before, say="the input has changed")


def test_the_gradient_is_torchs(gelu, randn):
    """The gradient is that of PyTorch's GELU in the tanh form."""
    x = 3 * randn(3, 5, dtype=torch.float64)
    upstream = randn(3, 5, dtype=torch.float64)
    (got,) = gradients(gelu, x, upstream=upstream)
    twin = x.clone().requires_grad_()
    (functional.gelu(twin, approximate="tanh") * upstream).sum().backward()
    close(got, twin.grad)


def _by_loop(x):
    """GELU by the formula, one number after the other."""
    root = math.sqrt(2 / math.pi)
    bent = [0.5 * n * (1 + math.tanh(root * (n + 0.044715 * n**3))) for n in x.flatten().tolist()]
    return torch.tensor(bent, dtype=x.dtype).view_as(x)
