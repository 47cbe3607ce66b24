"""What is asked of the feed-forward network."""

import math

import torch
from torch.nn import functional

from grader.engine.expect import close, equal, holds, shaped
from grader.engine.side import gradients, value


def test_up_and_down_are_linear_layers_with_a_bias(FeedForward, randn):
    """The parameters are the weights and biases of up, from C to F, and of down, from F to C."""
    layer = FeedForward(3, 7)
    parameters = dict(value(layer.named_parameters()))
    shapes = {name: tuple(part.shape) for name, part in parameters.items()}
    want = {"up.weight": (7, 3), "up.bias": (7,), "down.weight": (3, 7), "down.bias": (3,)}
    equal(shapes, want, say="the parameters and their shapes for FeedForward(3, 7)")
    for name, part in layer.named_parameters():
        holds(part.requires_grad, f"{name} is learnt: it requires a gradient")
    x = randn(2, 3)
    linear = functional.linear(x, parameters["up.weight"], parameters["up.bias"])
    close(value(layer.up(x)), linear, say="up is a layer of its own")


def test_the_layers_begin_as_pytorch_makes_them(FeedForward):
    """A new layer's weights and biases fill the range of 1 / sqrt(inputs) on either side of 0."""
    parameters = dict(value(FeedForward(16, 64).named_parameters()))
    for name, part in parameters.items():
        bound = 1 / math.sqrt(16 if name.startswith("up") else 64)
        largest = float(part.abs().max())
        # The chance that 16 even draws all stay below a quarter of the range is 4^-16.
        say = f"{name}: the largest number is at most {bound}, and not far below"
        holds(bound / 4 < largest <= bound, say, got=f"{largest}")


def test_the_result_has_the_shape_and_dtype_of_x(FeedForward, randn):
    """The result has the shape and the dtype of what went in."""
    for shape in [(3,), (2, 3), (2, 5, 3)]:
        shaped(FeedForward(3, 7)(randn(*shape)), shape, torch.float32, say=f"x of shape {shape}")
    double = FeedForward(3, 7).double()(randn(2, 3, dtype=torch.float64))
    shaped(double, (2, 3), torch.float64, say="float64 with parameters in float64")


def test_a_vector_worked_by_hand(FeedForward):
    """Hidden numbers 1, -1 and 1 become 0.8412, -0.1588 and 0.8412, and are then summed."""
    parts = {
        "up.weight": torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
        "up.bias": torch.tensor([0.0, 0.0, 1.0]),
        "down.weight": torch.tensor([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        "down.bias": torch.tensor([0.0, 2.0]),
    }
    got = _with(FeedForward(2, 3), parts)(torch.tensor([1.0, -1.0]))
    close(got, torch.tensor([0.682384, 2.841192]), say="0.8412 - 0.1588, and 0.8412 + 2")


def test_the_result_follows_the_rule_for_any_shape(FeedForward, randn):
    """With any parameters the result is W_down gelu(W_up x + b_up) + b_down."""
    for hidden, shape in [(7, (3,)), (2, (5, 3)), (1, (2, 5, 3))]:
        parts = _parts(randn, hidden)
        layer = _with(FeedForward(3, hidden).double(), parts)
        x = randn(*shape, dtype=torch.float64)
        close(layer(x), _rule(x, parts), say=f"x of shape {shape}, {hidden} hidden numbers")


def test_the_bend_is_gelu_in_the_tanh_form(FeedForward):
    """Hidden numbers where the forms of GELU lie furthest apart are bent by the tanh form."""
    one, none = torch.ones(1, 1), torch.zeros(1)
    parts = {"up.weight": one, "up.bias": none, "down.weight": one, "down.bias": none}
    x = torch.tensor([[-2.5], [-2.2], [2.2], [2.5]])
    # The forms differ there by 3e-4 to 5e-4; rounding in float32 stays below 1e-6.
    want = functional.gelu(x, approximate="tanh")
    close(_with(FeedForward(1, 1), parts)(x), want, atol=1e-5, rtol=0)


def test_each_vector_is_treated_by_itself(FeedForward, randn):
    """A vector comes out the same alone and in company, in training and in evaluation."""
    layer, x = FeedForward(3, 7), randn(2, 5, 3)
    together = layer(x)
    for i in range(2):
        for j in range(5):
            close(layer(x[i, j]), together[i, j], say=f"vector [{i}, {j}] alone")
    layer.eval()
    close(layer(x), together, say="after layer.eval()")


def test_x_stays_as_it_was(FeedForward, randn):
    """The feed-forward network gives a new tensor and leaves its input alone."""
    x = randn(5, 3)
    before = x.clone()
    FeedForward(3, 7)(x)
    equal(x, before, say="the input has changed")


def test_the_gradients_are_those_of_the_rule(FeedForward, randn):
    """x and the four parameters get the gradients that PyTorch finds for the rule."""
    parts = _parts(randn, 7)
    layer = _with(FeedForward(3, 7).double(), parts)
    x, upstream = randn(2, 5, 3, dtype=torch.float64), randn(2, 5, 3, dtype=torch.float64)
    (got,) = gradients(layer, x, upstream=upstream)
    twin = x.clone().requires_grad_()
    twins = {name: part.clone().requires_grad_() for name, part in parts.items()}
    (_rule(twin, twins) * upstream).sum().backward()
    close(got, twin.grad, say="the gradient of x")
    for name, part in layer.named_parameters():
        close(value(part.grad), twins[name].grad, say=f"the gradient of {name}")


def _parts(randn, hidden):
    """Parameters for a width of 3 and so many hidden numbers."""
    shapes = {
        "up.weight": (hidden, 3),
        "up.bias": (hidden,),
        "down.weight": (3, hidden),
        "down.bias": (3,),
    }
    return {name: randn(*shape, dtype=torch.float64) for name, shape in shapes.items()}


def _rule(x, parts):
    """The feed-forward network by its definition."""
    hidden = functional.linear(x, parts["up.weight"], parts["up.bias"])
    bent = functional.gelu(hidden, approximate="tanh")
    return functional.linear(bent, parts["down.weight"], parts["down.bias"])


def _with(layer, parts):
    """The layer with these parameters."""
    layer.load_state_dict(parts, strict=False)
    return layer
