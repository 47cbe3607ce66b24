"""The checks of SwiGLU."""

import math

import torch
from torch.nn import functional

from grader.checks import close, equal, finite, gradients, holds, shaped, uniform, value


def test_gate_up_and_down_are_linear_layers_without_a_bias(SwiGLU, randn):
    """The parameters are the weights of gate and up (C to F) and of down (F to C)."""
    layer = SwiGLU(3, 7)
    parameters = dict(value(layer.named_parameters()))
    shapes = {name: tuple(part.shape) for name, part in parameters.items()}
    want = {"gate.weight": (7, 3), "up.weight": (7, 3), "down.weight": (3, 7)}
    equal(shapes, want, say="the parameters and their shapes for SwiGLU(3, 7)")
    for name, part in layer.named_parameters():
        holds(part.requires_grad, f"{name} is trained, so it must require a gradient")
    x = randn(2, 3)
    for name, inputs in [("up", x), ("down", randn(2, 7))]:
        want = functional.linear(inputs, parameters[f"{name}.weight"])
        got = value(getattr(layer, name)(inputs))
        close(got, want, say=f"layer.{name} is the linear layer alone")
    linear = functional.linear(x, parameters["gate.weight"])
    close(value(layer.gate(x)), linear, say="layer.gate(x) is the linear layer alone, without SiLU")


def test_the_layers_begin_as_pytorch_makes_them(SwiGLU):
    """New weights are uniform between -1 / sqrt(inputs) and 1 / sqrt(inputs)."""
    parameters = dict(value(SwiGLU(32, 256).named_parameters()))
    others = dict(value(SwiGLU(32, 256).named_parameters()))
    for name, part in parameters.items():
        bound = 1 / math.sqrt(256 if name.startswith("down") else 32)
        say = f"{name} is uniform from -1 / sqrt(inputs) to 1 / sqrt(inputs), here {bound:.4f}"
        uniform(part, bound, say)
        holds(not torch.equal(part, others[name]), f"{name} is drawn anew for each new layer")


def test_the_result_has_the_shape_and_dtype_of_x(SwiGLU, randn):
    """The result has the shape and the dtype of x."""
    for shape in [(2, 3), (3,), (2, 5, 3), (1, 1, 3), (3, 3), (2, 1, 3, 2, 3)]:
        shaped(SwiGLU(3, 7)(randn(*shape)), shape, torch.float32, say=f"x of shape {shape}")
    double = SwiGLU(3, 7).double()(randn(2, 3, dtype=torch.float64))
    shaped(double, (2, 3), torch.float64, say="float64 with parameters in float64")


def test_training_and_evaluation_mode_compute_the_same(SwiGLU, randn):
    """After eval() and after train() the result is the same, and the same as at first."""
    layer, x = SwiGLU(3, 64), randn(7, 3)
    first = layer(x)
    close(layer(x), first, say="the same x once more: there is no dropout and nothing else random")
    close(layer.eval()(x), first, say="after layer.eval(): there is no dropout")
    close(layer.train()(x), first, say="after layer.train()")


def test_a_vector_worked_by_hand(SwiGLU):
    """Gate values 0, log 3 and -log 3 multiply up's output by 0, 3/4 log 3 and -1/4 log 3."""
    log = math.log(3)
    parts = {
        "gate.weight": torch.tensor([[2.0, -1.0], [log, 0.0], [-log, 0.0]]),
        "up.weight": torch.tensor([[1.0, 2.0], [0.0, 2.0], [4.0, 0.0]]),
        "down.weight": torch.tensor([[7.0, 1.0, 0.0], [0.0, 1.0, 1.0]]),
    }
    got = _with(SwiGLU(2, 3), parts)(torch.tensor([1.0, 2.0]))
    say = "up's output is 5, 4 and 4, so the hidden features are 0, 3 log 3 and -log 3"
    close(got, torch.tensor([3 * log, 2 * log]), say=say)


def test_the_result_follows_the_rule_for_any_shape(SwiGLU, randn):
    """With any weights, the result is W_down (silu(W_gate x) * W_up x)."""
    cases = [(7, (3,)), (2, (5, 3)), (1, (2, 5, 3)), (2049, (2, 3)), (3, (131, 3))]
    for hidden, shape in [*cases, (5, (3, 3)), (131, (2, 1, 3, 2, 3))]:
        parts = _parts(randn, hidden)
        layer = _with(SwiGLU(3, hidden).double(), parts)
        x = randn(*shape, dtype=torch.float64)
        close(layer(x), _rule(x, parts), say=f"x of shape {shape}, {hidden} hidden features")


def test_a_gate_far_from_zero_is_open_or_shut(SwiGLU):
    """Gate values of 10,000 and -10,000 give no NaN, in the result or in the gradients."""
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
    for name, part in layer.named_parameters():
        finite(value(part.grad), say=f"the gradient of {name}")
    x = torch.tensor([[20.0], [60.0], [89.0], [110.0], [-20.0], [-60.0], [-89.0], [-110.0]])
    want = functional.silu(x) * 1e-4 * x
    close(layer(x), want, say="gates of 20 to 110 and of -20 to -110")
    (slope,) = gradients(layer, x, upstream=torch.ones(8, 1))
    finite(slope, say="the gradient of x for gates of 20 to 110 and of -20 to -110")


def test_each_vector_is_treated_by_itself(SwiGLU, randn):
    """A vector's output does not depend on the other vectors."""
    layer, x = SwiGLU(3, 7), randn(2, 5, 3)
    together = layer(x)
    for i in range(2):
        for j in range(5):
            close(
                layer(x[i, j]),
                together[i, j],
                say=f"vector [{i}, {j}] on its own and among the others",
            )


def test_the_layout_in_memory_makes_no_difference(SwiGLU, randn):
    """An x that is a transposed, strided or expanded view gives what a copy of it gives."""
    parts, x = _parts(randn, 7), randn(2, 5, 3, dtype=torch.float64)
    layer, want = _with(SwiGLU(3, 7).double(), parts), _rule(x, parts)
    for dims in [(0, 1), (0, 2), (1, 2)]:
        turned = x.transpose(*dims).contiguous().transpose(*dims)
        close(layer(turned), want, say="a transposed view")
    close(
        layer(x.repeat_interleave(2, dim=2)[..., ::2]), want, say="every second number of a tensor"
    )
    close(layer(x[0, 0].expand(4, 3)), want[0, 0].expand(4, 3), say="a vector that is expanded")


def test_changed_parameters_count_from_the_next_call(SwiGLU, randn):
    """Parameters that change between two calls, as in training, count in the second."""
    layer, x = SwiGLU(3, 7).double(), randn(5, 3, dtype=torch.float64)
    for say in ("at first", "after a change"):
        parts = _parts(randn, 7)
        close(_with(layer, parts)(x), _rule(x, parts), say=say)


def test_each_call_returns_a_tensor_of_its_own(SwiGLU, randn, beside):
    """Each call computes anew and leaves the results of earlier calls as they are."""
    parts, inputs = _parts(randn, 7), [randn(2, 3, dtype=torch.float64) for _ in range(3)]
    layer = _with(SwiGLU(3, 7).double(), parts)
    wants = [_rule(x, parts) for x in inputs]
    results = beside("builtins.list")(beside("builtins.map")(layer, inputs))
    for got, want in zip(results, wants, strict=True):
        close(got, want, say="three calls, one after the other")


def test_x_stays_as_it_was(SwiGLU, randn):
    """SwiGLU returns a new tensor and does not change its input."""
    for dtype in (torch.float32, torch.float64):
        x = randn(5, 3, dtype=dtype)
        before = x.clone()
        SwiGLU(3, 7).to(dtype)(x)
        equal(x, before, say="the call changed its input x; return a new tensor")


def test_the_gradients_are_those_of_the_rule(SwiGLU, randn):
    """The gradients of x and of the three weights equal those of the formula."""
    parts = _parts(randn, 7)
    layer = _with(SwiGLU(3, 7).double(), parts)
    x, upstream = randn(2, 5, 3, dtype=torch.float64), randn(2, 5, 3, dtype=torch.float64)
    (got,) = gradients(layer, x, upstream=upstream)
    twin = x.clone().requires_grad_()
    twins = {name: part.clone().requires_grad_() for name, part in parts.items()}
    (_rule(twin, twins) * upstream).sum().backward()
    # Float32's accuracy is enough.
    close(got, twin.grad, atol=1e-4, rtol=1e-4, say="the gradient of x")
    for name, part in layer.named_parameters():
        say = f"the gradient of {name}"
        close(value(part.grad), twins[name].grad, atol=1e-4, rtol=1e-4, say=say)


def _parts(randn, hidden):
    """Return random weights for an embedding dimension of 3."""
    shapes = {"gate.weight": (hidden, 3), "up.weight": (hidden, 3), "down.weight": (3, hidden)}
    return {name: randn(*shape, dtype=torch.float64) for name, shape in shapes.items()}


def _rule(x, parts):
    """Return SwiGLU's output by its definition."""
    gate = functional.silu(functional.linear(x, parts["gate.weight"]))
    up = functional.linear(x, parts["up.weight"])
    return functional.linear(gate * up, parts["down.weight"])


def _with(layer, parts):
    """Return the layer with these weights."""
    layer.load_state_dict(parts, strict=False)
    return layer
