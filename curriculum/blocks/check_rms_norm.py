"""What is asked of RMS normalisation."""

import torch
from torch.nn import functional

from grader.engine.expect import close, equal, finite, holds, shaped
from grader.engine.side import gradients, value


def test_weight_is_the_only_parameter_and_starts_as_ones(RMSNorm):
    """The module's only parameter is weight, at first ones; there is no bias."""
    layer = RMSNorm(5)
    parameters = dict(value(layer.named_parameters()))
    equal(sorted(parameters), ["weight"], say="the names of the parameters")
    equal(parameters["weight"], torch.ones(5))
    holds(layer.weight.requires_grad, "weight is learnt: it requires a gradient")


def test_the_result_has_the_shape_and_dtype_of_x(RMSNorm, randn):
    """The result has the shape and the dtype of what went in."""
    for shape in [(5,), (2, 5), (2, 3, 5)]:
        shaped(RMSNorm(5)(randn(*shape)), shape, torch.float32, say=f"x of shape {shape}")
    for layer, dtype in [(RMSNorm(5).double(), torch.float64), (RMSNorm(5).half(), torch.float16)]:
        got = layer(randn(2, 5, dtype=dtype))
        shaped(got, (2, 5), dtype, say=f"{dtype} with a weight of that dtype")


def test_a_vector_worked_by_hand(RMSNorm):
    """The vector [3, 4, 0, 0] has a mean square of 25 / 4, and is divided by 5 / 2."""
    got = RMSNorm(4)(torch.tensor([3.0, 4.0, 0.0, 0.0]))
    say = "the mean of the squares is (9 + 16) / 4, and no mean is taken away"
    close(got, torch.tensor([1.2, 1.6, 0.0, 0.0]), say=say)


def test_each_vector_gets_a_mean_square_of_1(RMSNorm, randn):
    """Whatever goes in, the squares of each vector that comes out have mean 1."""
    got = RMSNorm(7)(10 * randn(3, 7) + 3)
    finite(got)
    # eps = 1e-5 beside mean squares around 100 changes nothing above 1e-5.
    close(got.square().mean(dim=-1), torch.ones(3), atol=1e-4, say="the mean of the squares")


def test_each_vector_is_scaled_by_itself(RMSNorm, randn):
    """A vector comes out the same alone and in company, in training and in evaluation."""
    layer, x = RMSNorm(5), randn(2, 3, 5)
    together = layer(x)
    finite(together)
    for i in range(2):
        for j in range(3):
            close(layer(x[i, j]), together[i, j], say=f"vector [{i}, {j}] alone")
    layer.eval()
    close(layer(x), together, say="after layer.eval()")


def test_weight_scales_each_number(RMSNorm, randn):
    """With other weights it is PyTorch's RMS norm, for vectors in any shape."""
    weight = randn(5)
    layer = _with(RMSNorm(5), weight)
    for shape in [(5,), (3, 5), (2, 3, 5)]:
        x = randn(*shape)
        say = f"weight times the scaled vector, for shape {shape}"
        close(layer(x), functional.rms_norm(x, (5,), weight, 1e-5), say=say)


def test_eps_stands_under_the_root(RMSNorm):
    """With mean square 4 and eps 5 the vector is divided by 3; eps is 1e-5 unless given."""
    got = RMSNorm(4, eps=5.0)(torch.tensor([0.0, 4.0, 0.0, 0.0]))
    close(got, torch.tensor([0.0, 4.0, 0.0, 0.0]) / 3, say="divide by sqrt(4 + 5)")
    small = 3e-5**0.5
    got = RMSNorm(2)(torch.tensor([small, small]))
    half = 0.75**0.5
    close(got, torch.tensor([half, half]), say="a mean square of 3e-5 becomes 4e-5 under the root")


def test_a_vector_of_zeros_stays_zeros(RMSNorm):
    """A vector of zeros gives zeros, not NaN, beside one that is not zero."""
    got = RMSNorm(2)(torch.tensor([[0.0, 0.0], [7.0, 7.0]]))
    close(got, torch.tensor([[0.0, 0.0], [1.0, 1.0]]))


def test_large_numbers_in_float16_do_not_overflow(RMSNorm):
    """In float16 the vector [3000, 4000, 0, 0] becomes [1.2, 1.6, 0, 0] too."""
    got = RMSNorm(4).half()(torch.tensor([3000.0, 4000.0, 0.0, 0.0], dtype=torch.float16))
    want = torch.tensor([1.2, 1.6, 0.0, 0.0], dtype=torch.float16)
    close(got, want, say="the squares do not fit in float16")


def test_x_stays_as_it_was(RMSNorm, randn):
    """RMS norm gives a new tensor and leaves its input alone."""
    x = randn(3, 5)
    before = x.clone()
    RMSNorm(5)(x)
    equal(x, before, say="the input has changed")


def test_the_gradients_are_torchs(RMSNorm, randn):
    """The gradients of x and weight are those of PyTorch's RMS norm."""
    x, weight, upstream = randn(2, 3, 5), randn(5), randn(2, 3, 5)
    layer = _with(RMSNorm(5), weight)
    (got,) = gradients(layer, x, upstream=upstream)
    twin, weight = x.clone().requires_grad_(), weight.clone().requires_grad_()
    (functional.rms_norm(twin, (5,), weight, 1e-5) * upstream).sum().backward()
    # The gradient of x is a difference of two numbers, which a short vector makes large.
    close(got, twin.grad, atol=1e-4, say="the gradient of x")
    close(value(layer.weight.grad), weight.grad, say="the gradient of weight")


def _with(layer, weight):
    """The layer with this parameter."""
    layer.load_state_dict({"weight": weight}, strict=False)
    return layer
