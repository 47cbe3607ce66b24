"""The checks of the feed-forward network."""

import math

import torch
from torch.nn import functional

from grader.checks import close, equal, gradients, holds, shaped, uniform, value


def test_up_and_down_are_linear_layers_with_a_bias(FeedForward, randn):
    """The parameters are the weights and biases of up (C to F) and of down (F to C)."""
    layer = FeedForward(3, 7)
    parameters = dict(value(layer.named_parameters()))
    shapes = {name: tuple(part.shape) for name, part in parameters.items()}
    want = {"up.weight": (7, 3), "up.bias": (7,), "down.weight": (3, 7), "down.bias": (3,)}
    equal(shapes, want, say="the parameters and their shapes for FeedForward(3, 7)")
    for name, part in layer.named_parameters():
        holds(part.requires_grad, f"{name} is trained, so it must require a gradient")
    x = randn(2, 3)
    say = "layer.down(h) is the second linear layer alone"
    h, (weight, bias) = randn(2, 7), (parameters["down.weight"], parameters["down.bias"])
    close(value(layer.down(h)), functional.linear(h, weight, bias), say=say)
    linear = functional.linear(x, parameters["up.weight"], parameters["up.bias"])
    close(
        value(layer.up(x)), linear, say="layer.up(x) is the first linear layer alone, without GELU"
    )


def test_the_layers_begin_as_pytorch_makes_them(FeedForward):
    """New weights and biases are uniform between -1 / sqrt(inputs) and 1 / sqrt(inputs)."""
    parameters = dict(value(FeedForward(32, 256).named_parameters()))
    others = dict(value(FeedForward(32, 256).named_parameters()))
    for name, part in parameters.items():
        bound = 1 / math.sqrt(256 if name.startswith("down") else 32)
        say = f"{name} is uniform from -1 / sqrt(inputs) to 1 / sqrt(inputs), here {bound:.4f}"
        uniform(part, bound, say)
        holds(not torch.equal(part, others[name]), f"{name} is drawn anew for each new layer")


def test_the_result_has_the_shape_and_dtype_of_x(FeedForward, randn):
    """The result has the shape and the dtype of x."""
    for shape in [(2, 3), (3,), (2, 5, 3), (1, 1, 3), (3, 3), (2, 1, 3, 2, 3)]:
        shaped(FeedForward(3, 7)(randn(*shape)), shape, torch.float32, say=f"x of shape {shape}")
    double = FeedForward(3, 7).double()(randn(2, 3, dtype=torch.float64))
    shaped(double, (2, 3), torch.float64, say="float64 with parameters in float64")


def test_training_and_evaluation_mode_compute_the_same(FeedForward, randn):
    """After eval() and after train() the result is the same, and the same as at first."""
    layer, x = FeedForward(3, 64), randn(7, 3)
    first = layer(x)
    close(layer(x), first, say="the same x once more: there is no dropout and nothing else random")
    close(layer.eval()(x), first, say="after layer.eval(): there is no dropout")
    close(layer.train()(x), first, say="after layer.train()")


def test_a_vector_worked_by_hand(FeedForward):
    """Hidden features 1, -1 and 1 become 0.8412, -0.1588 and 0.8412 by GELU; down combines them."""
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
    cases = [(7, (3,)), (2, (5, 3)), (1, (2, 5, 3)), (2049, (2, 3)), (3, (131, 3))]
    for hidden, shape in [*cases, (5, (3, 3)), (131, (2, 1, 3, 2, 3))]:
        parts = _parts(randn, hidden)
        layer = _with(FeedForward(3, hidden).double(), parts)
        x = randn(*shape, dtype=torch.float64)
        close(layer(x), _rule(x, parts), say=f"x of shape {shape}, {hidden} hidden features")


def test_the_nonlinearity_is_gelu_in_the_tanh_form(FeedForward):
    """GELU is applied in the tanh form, also where it differs most from the exact form."""
    one, none = torch.ones(1, 1), torch.zeros(1)
    parts = {"up.weight": one, "up.bias": none, "down.weight": one, "down.bias": none}
    x = torch.tensor([[-2.5], [-2.2], [2.2], [2.5], [1e4], [-1e4]])
    # The two forms differ there by 3e-4 to 5e-4; rounding in float32 stays below 1e-6.
    want = functional.gelu(x, approximate="tanh")
    close(_with(FeedForward(1, 1), parts)(x), want, atol=1e-5, rtol=0)


def test_each_vector_is_treated_by_itself(FeedForward, randn):
    """A vector's output does not depend on the other vectors."""
    layer, x = FeedForward(3, 7), randn(2, 5, 3)
    together = layer(x)
    for i in range(2):
        for j in range(5):
            close(
                layer(x[i, j]),
                together[i, j],
                say=f"vector [{i}, {j}] on its own and among the others",
            )


def test_the_layout_in_memory_makes_no_difference(FeedForward, randn):
    """An x that is a transposed, strided or expanded view gives what a copy of it gives."""
    parts, x = _parts(randn, 7), randn(2, 5, 3, dtype=torch.float64)
    layer, want = _with(FeedForward(3, 7).double(), parts), _rule(x, parts)
    for dims in [(0, 1), (0, 2), (1, 2)]:
        turned = x.transpose(*dims).contiguous().transpose(*dims)
        close(layer(turned), want, say="a transposed view")
    close(
        layer(x.repeat_interleave(2, dim=2)[..., ::2]), want, say="every second number of a tensor"
    )
    close(layer(x[0, 0].expand(4, 3)), want[0, 0].expand(4, 3), say="a vector that is expanded")


def test_changed_parameters_count_from_the_next_call(FeedForward, randn):
    """Parameters that change between two calls, as in training, count in the second."""
    layer, x = FeedForward(3, 7).double(), randn(5, 3, dtype=torch.float64)
    for say in ("at first", "after a change"):
        parts = _parts(randn, 7)
        close(_with(layer, parts)(x), _rule(x, parts), say=say)


def test_each_call_returns_a_tensor_of_its_own(FeedForward, randn, beside):
    """Each call computes anew and leaves the results of earlier calls as they are."""
    parts, inputs = _parts(randn, 7), [randn(2, 3, dtype=torch.float64) for _ in range(3)]
    layer = _with(FeedForward(3, 7).double(), parts)
    wants = [_rule(x, parts) for x in inputs]
    results = beside("builtins.list")(beside("builtins.map")(layer, inputs))
    for got, want in zip(results, wants, strict=True):
        close(got, want, say="three calls, one after the other")


def test_x_stays_as_it_was(FeedForward, randn):
    """The feed-forward network returns a new tensor and does not change its input."""
    for dtype in (torch.float32, torch.float64):
        x = randn(5, 3, dtype=dtype)
        before = x.clone()
        FeedForward(3, 7).to(dtype)(x)
        equal(x, before, say="the call changed its input x; return a new tensor")


def test_the_gradients_are_those_of_the_rule(FeedForward, randn):
    """The gradients of x and of the four parameters equal those of the formula."""
    parts = _parts(randn, 7)
    layer = _with(FeedForward(3, 7).double(), parts)
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
    """Return random parameters for an embedding dimension of 3."""
    shapes = {
        "up.weight": (hidden, 3),
        "up.bias": (hidden,),
        "down.weight": (3, hidden),
        "down.bias": (3,),
    }
    return {name: randn(*shape, dtype=torch.float64) for name, shape in shapes.items()}


def _rule(x, parts):
    """Return the feed-forward network's output by its definition."""
    hidden = functional.linear(x, parts["up.weight"], parts["up.bias"])
    activated = functional.gelu(hidden, approximate="tanh")
    return functional.linear(activated, parts["down.weight"], parts["down.bias"])


def _with(layer, parts):
    """Return the layer with these parameters."""
    layer.load_state_dict(parts, strict=False)
    return layer
