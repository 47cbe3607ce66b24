"""What is asked of SwiGLU."""

import math

import torch
from torch.nn import functional

from grader.engine.expect import close, equal, finite, holds, shaped
from grader.engine.side import gradients, value


def test_gate_up_and_down_are_linear_layers_without_a_bias(SwiGLU, randn):
    """The parameters are the weights of gate and up, from C to F, and of down, from F to C."""
    layer = SwiGLU(3, 7)
    parameters = dict(value(layer.named_parameters()))
    shapes = {name: tuple(part.shape) for name, part in parameters.items()}
    want = {"gate.weight": (7, 3), "up.weight": (7, 3), "down.weight": (3, 7)}
    equal(shapes, want, say="the parameters and their shapes for SwiGLU(3, 7)")
    for name, part in layer.named_parameters():
        holds(part.requires_grad, f"{name} is learnt: it requires a gradient")
    x = randn(2, 3)
    linear = functional.linear(x, parameters["gate.weight"])
    close(value(layer.gate(x)), linear, say="gate is a layer of its own")


def test_the_layers_begin_as_pytorch_makes_them(SwiGLU):
    """A new layer's weights fill the range of 1 / sqrt(inputs) on either side of 0."""
    parameters = dict(value(SwiGLU(16, 64).named_parameters()))
    for name, part in parameters.items():
        bound = 1 / math.sqrt(64 if name.startswith("down") else 16)
        largest = float(part.abs().max())
        # The chance that 1,024 even draws all stay below nine tenths of the range is 1e-47.
        say = f"{name}: the largest number is at most {bound}, and not far below"
        holds(0.9 * bound < largest <= bound, say, got=f"{largest}")


def test_the_result_has_the_shape_and_dtype_of_x(SwiGLU, randn):
    """The result has the shape and the dtype of what went in."""
    for shape in [(3,), (2, 3), (2, 5, 3)]:
        shaped(SwiGLU(3, 7)(randn(*shape)), shape, torch.float32, say=f"x of shape {shape}")
    double = SwiGLU(3, 7).double()(randn(2, 3, dtype=torch.float64))
    shaped(double, (2, 3), torch.float64, say="float64 with parameters in float64")


def test_a_vector_worked_by_hand(SwiGLU):
    """Gates of 0, log 3 and -log 3 pass 0, 3/4 log 3 and -1/4 log 3 times what up gives."""
    log = math.log(3)
    parts = {
        "gate.weight": torch.tensor([[2.0, -1.0], [log, 0.0], [-log, 0.0]]),
        "up.weight": torch.tensor([[1.0, 2.0], [0.0, 2.0], [4.0, 0.0]]),
        "down.weight": torch.tensor([[7.0, 1.0, 0.0], [0.0, 1.0, 1.0]]),
    }
    got = _with(SwiGLU(2, 3), parts)(torch.tensor([1.0, 2.0]))
    say = "up gives 5, 4 and 4, so the hidden numbers are 0, 3 log 3 and -log 3"
    close(got, torch.tensor([3 * log, 2 * log]), say=say)


def test_the_result_follows_the_rule_for_any_shape(SwiGLU, randn):
    """With any weights the result is W_down (silu(W_gate x) * W_up x)."""
    for hidden, shape in [(7, (3,)), (2, (5, 3)), (1, (2, 5, 3))]:
        parts = _parts(randn, hidden)
        layer = _with(SwiGLU(3, hidden).double(), parts)
        x = randn(*shape, dtype=torch.float64)
        close(layer(x), _rule(x, parts), say=f"x of shape {shape}, {hidden} hidden numbers")


def test_a_gate_far_from_zero_is_open_or_shut(SwiGLU):
    """A gate of 10,000 passes 10,000 times u and one of -10,000 nothing, gradients included."""
    parts = {
        "gate.weight": torch.ones(1, 1),
        "up.weight": torch.tensor([[1e-4]]),
        "down.weight": torch.ones(1, 1),
    }
    layer, x = _with(SwiGLU(1, 1), parts), torch.tensor([[1e4], [-1e4]])
    got = layer(x)
    finite(got)
    close(got, torch.tensor([[1e4], [0.0]]))
    (slope,) = gradients(layer, x, upstream=torch.ones(2, 1))
    finite(slope, say="the gradient of x")
    close(slope, torch.tensor([[2.0], [0.0]]), say="the gradient of x")


def test_each_vector_is_treated_by_itself(SwiGLU, randn):
    """A vector comes out the same alone and in company, in training and in evaluation."""
    layer, x = SwiGLU(3, 7), randn(2, 5, 3)
    together = layer(x)
    for i in range(2):
        for j in range(5):
            close(layer(x[i, j]), together[i, j], say=f"vector [{i}, {j}] alone")
    layer.eval()
    close(layer(x), together, say="after layer.eval()")


def test_x_stays_as_it_was(SwiGLU, randn):
    """SwiGLU gives a new tensor and leaves its input alone."""
    x = randn(5, 3)
    before = x.clone()
    SwiGLU(3, 7)(x)
    equal(x, before, say="the input has changed")


def test_the_gradients_are_those_of_the_rule(SwiGLU, randn):
    """x and the three weights get the gradients that PyTorch finds for the rule."""
    parts = _parts(randn, 7)
    layer = _with(SwiGLU(3, 7).double(), parts)
    x, upstream = randn(2, 5, 3, dtype=torch.float64), randn(2, 5, 3, dtype=torch.float64)
    (got,) = gradients(layer, x, upstream=upstream)
    twin = x.clone().requires_grad_()
    twins = {name: part.clone().requires_grad_() for name, part in parts.items()}
    (_rule(twin, twins) * upstream).sum().backward()
    close(got, twin.grad, say="the gradient of x")
    for name, part in layer.named_parameters():
        close(value(part.grad), twins[name].grad, say=f"the gradient of {name}")


def _parts(randn, hidden):
    """Weights for a width of 3 and so many hidden numbers."""
    shapes = {"gate.weight": (hidden, 3), "up.weight": (hidden, 3), "down.weight": (3, hidden)}
    return {name: randn(*shape, dtype=torch.float64) for name, shape in shapes.items()}


def _rule(x, parts):
    """SwiGLU by its definition."""
    gate = functional.silu(functional.linear(x, parts["gate.weight"]))
    up = functional.linear(x, parts["up.weight"])
    return functional.linear(gate * up, parts["down.weight"])


def _with(layer, parts):
    """The layer with these weights."""
    layer.load_state_dict(parts, strict=False)
    return layer
