"""What is asked of layer normalisation."""

import torch
from torch.nn import functional

from grader.engine.expect import close, equal, finite, holds, shaped
from grader.engine.side import gradients, value


def test_weight_and_bias_are_parameters_that_start_as_ones_and_zeros(LayerNorm):
    """The module's parameters are weight, at first ones, and bias, at first zeros."""
    layer = LayerNorm(5)
    parameters = dict(value(layer.named_parameters()))
    equal(sorted(parameters), ["bias", "weight"], say="the names of the parameters")
    equal(parameters["weight"], torch.ones(5))
    equal(parameters["bias"], torch.zeros(5))
    holds(layer.weight.requires_grad, "weight is learnt: it requires a gradient")
    holds(layer.bias.requires_grad, "bias is learnt: it requires a gradient")


def test_the_result_has_the_shape_and_dtype_of_x(LayerNorm, randn):
    """The result has the shape and the dtype of what went in."""
    for shape in [(5,), (2, 5), (2, 3, 5)]:
        shaped(LayerNorm(5)(randn(*shape)), shape, torch.float32, say=f"x of shape {shape}")
    double = LayerNorm(5).double()(randn(2, 5, dtype=torch.float64))
    shaped(double, (2, 5), torch.float64, say="float64 with parameters in float64")


def test_a_vector_worked_by_hand(LayerNorm):
    """The vector [1, 1, 1, 5] has mean 2 and variance 3, and its 5 becomes 3 / sqrt(3)."""
    got = LayerNorm(4)(torch.tensor([1.0, 1.0, 1.0, 5.0]))
    third = 3**-0.5
    say = "the variance is (1 + 1 + 1 + 9) / 4"
    close(got, torch.tensor([-third, -third, -third, 3 * third]), say=say)


def test_each_vector_gets_mean_0_and_variance_1(LayerNorm, randn):
    """Whatever goes in, each vector that comes out has mean 0 and variance 1."""
    got = LayerNorm(7)(10 * randn(3, 7) + 3)
    finite(got)
    # eps = 1e-5 beside variances around 100 changes nothing above 1e-5.
    close(got.mean(dim=-1), torch.zeros(3), atol=1e-4, say="the mean")
    close(got.var(dim=-1, correction=0), torch.ones(3), atol=1e-4, say="the variance")


def test_each_vector_is_normalised_by_itself(LayerNorm, randn):
    """A vector comes out the same alone and in company, in training and in evaluation."""
    layer, x = LayerNorm(5), randn(2, 3, 5)
    together = layer(x)
    finite(together)
    for i in range(2):
        for j in range(3):
            close(layer(x[i, j]), together[i, j], say=f"vector [{i}, {j}] alone")
    layer.eval()
    close(layer(x), together, say="after layer.eval()")


def test_weight_scales_and_bias_shifts_each_number(LayerNorm, randn):
    """With other weights and biases it is PyTorch's layer norm, for vectors in any shape."""
    weight, bias = randn(5), randn(5)
    layer = _with(LayerNorm(5), weight, bias)
    for shape in [(5,), (3, 5), (2, 3, 5)]:
        x = randn(*shape)
        say = f"weight times the normalised vector, plus bias, for shape {shape}"
        close(layer(x), functional.layer_norm(x, (5,), weight, bias), say=say)


def test_eps_stands_under_the_root(LayerNorm):
    """With variance 4 and eps 5 the vector is divided by 3; eps is 1e-5 unless given."""
    got = LayerNorm(4, eps=5.0)(torch.tensor([0.0, 0.0, 4.0, 4.0]))
    close(got, torch.tensor([-2.0, -2.0, 2.0, 2.0]) / 3, say="divide by sqrt(4 + 5)")
    small = 3e-5**0.5
    got = LayerNorm(2)(torch.tensor([-small, small]))
    half = 0.75**0.5
    close(got, torch.tensor([-half, half]), say="a variance of 3e-5 becomes 4e-5 under the root")


def test_a_vector_of_equal_numbers_becomes_the_bias(LayerNorm, randn):
    """A vector without spread becomes the bias, not NaN."""
    layer = _with(LayerNorm(3), torch.tensor([1.0, 2.0, 3.0]), torch.tensor([4.0, 5.0, 6.0]))
    got = layer(torch.tensor([[0.0, 0.0, 0.0], [7.0, 7.0, 7.0]]))
    finite(got)
    # 7 is a whole number, so its mean is right to the last bit or nearly so.
    close(got, torch.tensor([[4.0, 5.0, 6.0]] * 2), atol=1e-3)


def test_a_vector_far_from_zero_keeps_its_spread(LayerNorm, randint):
    """Whole numbers up to 50 give the same result when 10,000 is added to all of them."""
    x = randint(-50, 51, 13, 7).float()
    x[:, 0], x[:, 1] = -30.0, 30.0  # a spread in every vector
    # The mean of numbers near 10,000 is rounded by up to 5e-4, beside a spread above 15.
    got = LayerNorm(7)(x + 10_000)
    close(got, functional.layer_norm(x, (7,)), atol=1e-3, rtol=0, say="x + 10,000 beside x")


def test_x_stays_as_it_was(LayerNorm, randn):
    """Layer norm gives a new tensor and leaves its input alone."""
    x = randn(3, 5)
    before = x.clone()
    LayerNorm(5)(x)
    equal(x, before, say="the input has changed")


def test_the_gradients_are_torchs(LayerNorm, randn):
    """The gradients of x, weight and bias are those of PyTorch's layer norm."""
    double = torch.float64
    x, upstream = randn(2, 3, 5, dtype=double), randn(2, 3, 5, dtype=double)
    parts = x, randn(5, dtype=double), randn(5, dtype=double)
    layer = _with(LayerNorm(5).double(), *parts[1:])
    (got,) = gradients(layer, x, upstream=upstream)
    x, weight, bias = (part.clone().requires_grad_() for part in parts)
    (functional.layer_norm(x, (5,), weight, bias) * upstream).sum().backward()
    close(got, x.grad, say="the gradient of x")
    close(layer.weight.grad, weight.grad, say="the gradient of weight")
    close(layer.bias.grad, bias.grad, say="the gradient of bias")


def _with(layer, weight, bias):
    """The layer with these parameters."""
    layer.load_state_dict({"weight": weight, "bias": bias}, strict=False)
    return layer
