"""The checks of LayerNorm."""

import torch
from torch.nn import functional

from grader.checks import close, equal, finite, gradients, holds, shaped, value

SINGLE, DOUBLE = torch.float32, torch.float64


def test_weight_and_bias_are_parameters_that_start_as_ones_and_zeros(LayerNorm):
    """The parameters are weight, which starts as ones, and bias, which starts as zeros."""
    equal(value(LayerNorm(5).weight), torch.ones(5), say="weight")
    equal(value(LayerNorm(1).bias), torch.zeros(1), say="bias")
    layer = LayerNorm(5)
    parameters = dict(value(layer.named_parameters()))
    equal(sorted(parameters), ["bias", "weight"], say="the names of the parameters")
    equal(parameters["weight"], torch.ones(5))
    equal(parameters["bias"], torch.zeros(5))
    holds(layer.weight.requires_grad, "weight is trained, so it must require a gradient")
    holds(layer.bias.requires_grad, "bias is trained, so it must require a gradient")


def test_the_result_has_the_shape_and_dtype_of_x(LayerNorm, randn):
    """The result has the shape and the dtype of x."""
    for shape in [(5,), (2, 5), (2, 3, 5), (1, 1, 5), (5, 5), (2, 1, 3, 2, 5)]:
        shaped(LayerNorm(5)(randn(*shape)), shape, SINGLE, say=f"x of shape {shape}")
    double = LayerNorm(5).double()(randn(2, 5, dtype=DOUBLE))
    shaped(double, (2, 5), DOUBLE, say="float64 with parameters in float64")


def test_a_vector_worked_by_hand(LayerNorm):
    """The vector [1, 1, 1, 5] has mean 2 and variance 3, so its 5 becomes 3 / sqrt(3)."""
    got = LayerNorm(4)(torch.tensor([1.0, 1.0, 1.0, 5.0]))
    third = 3**-0.5
    say = "the variance is (1 + 1 + 1 + 9) / 4"
    close(got, torch.tensor([-third, -third, -third, 3 * third]), say=say)


def test_each_vector_gets_mean_0_and_variance_1(LayerNorm, randn):
    """With new parameters, each output vector has mean 0 and variance 1."""
    got = LayerNorm(7)(10 * randn(3, 7) + 3)
    finite(got)
    # eps = 1e-5 beside variances around 100 changes nothing above 1e-5.
    close(got.mean(dim=-1), torch.zeros(3), atol=1e-4, say="the mean")
    close(got.var(dim=-1, correction=0), torch.ones(3), atol=1e-4, say="the variance")


def test_each_vector_is_normalised_by_itself(LayerNorm, randn):
    """A vector's output does not depend on the other vectors or on train()/eval() mode."""
    layer, x = LayerNorm(5), randn(2, 3, 5)
    together = layer(x)
    finite(together)
    for i in range(2):
        for j in range(3):
            close(
                layer(x[i, j]),
                together[i, j],
                say=f"vector [{i}, {j}] on its own and among the others",
            )
    layer.eval()
    close(layer(x), together, say="after layer.eval(), compared with training mode")
    layer.train()
    close(layer(x), together, say="after layer.train() again")


def test_weight_scales_and_bias_shifts_each_number(LayerNorm, randn):
    """With any weight and bias, the result equals PyTorch's layer_norm."""
    for shape in [(5,), (3, 5), (2, 3, 5), (5, 5), (2, 1, 3, 2, 5), (3, 131), (2, 2049), (3, 1)]:
        weight, bias = randn(shape[-1]), randn(shape[-1])
        layer, x = _with(LayerNorm(shape[-1]), weight, bias), randn(*shape)
        say = f"weight times the normalised vector, plus bias, for shape {shape}"
        close(layer(x), functional.layer_norm(x, shape[-1:], weight, bias), say=say)
    weight, bias, x = randn(5, dtype=DOUBLE), randn(5, dtype=DOUBLE), randn(3, 5, dtype=DOUBLE)
    layer, want = _with(LayerNorm(5).double(), weight, bias), (x, (5,), weight, bias)
    close(layer(x), functional.layer_norm(*want), atol=1e-5, rtol=1e-4, say="float64")


def test_changed_parameters_count_from_the_next_call(LayerNorm, randn):
    """Parameters that change between two calls, as in training, count in the second."""
    layer, x = LayerNorm(5), randn(3, 5)
    plain = functional.layer_norm(x, (5,))
    close(layer(x), plain, say="a new layer")
    weight, bias = randn(5), randn(5)
    close(_with(layer, weight, bias)(x), plain * weight + bias, say="after the change")


def test_eps_stands_under_the_root(LayerNorm):
    """With variance 4 and eps 5 the divisor is sqrt(4 + 5) = 3; eps is 1e-5 by default."""
    got = LayerNorm(4, eps=5.0)(torch.tensor([0.0, 0.0, 4.0, 4.0]))
    close(
        got,
        torch.tensor([-2.0, -2.0, 2.0, 2.0]) / 3,
        say="the divisor is sqrt(4 + 5), with eps inside the root",
    )
    small = 3e-5**0.5
    got = LayerNorm(2)(torch.tensor([-small, small]))
    half = 0.75**0.5
    close(got, torch.tensor([-half, half]), say="a variance of 3e-5 and an eps of 1e-5 sum to 4e-5")


def test_eps_counts_for_small_numbers(LayerNorm, randn):
    """For numbers of any size the result is that of the rule with the eps that was given."""
    for size, eps in [(1e-3, 1e-5), (1e-6, 1e-12), (1e-6, 1e-5), (1e-2, 0.25), (1e5, 1e-5)]:
        x = size * randn(3, 7)
        want = functional.layer_norm(x.double(), (7,), eps=eps).float()
        # Below 1e-5 too: of each number, and not of 1.
        close(
            LayerNorm(7, eps)(x), want, atol=1e-12, rtol=1e-3, say=f"x near {size:g}, eps {eps:g}"
        )


def test_a_vector_of_equal_numbers_becomes_the_bias(LayerNorm, randn):
    """A vector of equal numbers becomes the bias, not NaN."""
    layer = _with(LayerNorm(3), torch.tensor([1.0, 2.0, 3.0]), torch.tensor([4.0, 5.0, 6.0]))
    got = layer(torch.tensor([[0.0, 0.0, 0.0], [7.0, 7.0, 7.0]]))
    finite(got)
    # 7 is a whole number, so its mean is right to the last bit or nearly so.
    close(got, torch.tensor([[4.0, 5.0, 6.0]] * 2), atol=1e-3)


def test_a_vector_far_from_zero_keeps_its_spread(LayerNorm, randint):
    """Adding 10,000 to all numbers of a vector changes the result by at most 1e-3."""
    x = randint(-50, 51, 13, 7).float()
    x[:, 0], x[:, 1] = -30.0, 30.0  # no vector of equal numbers
    # The mean of numbers near 10,000 is rounded by up to 5e-4, for a standard deviation above 15.
    got = LayerNorm(7)(x + 10_000)
    close(
        got,
        functional.layer_norm(x, (7,)),
        atol=1e-3,
        rtol=0,
        say="x + 10,000 compared with x: subtract the mean before you square",
    )


def test_the_layout_in_memory_makes_no_difference(LayerNorm, randn):
    """An x that is a transposed, strided or expanded view gives what a copy of it gives."""
    layer, x = LayerNorm(7), randn(3, 5, 7)
    want = functional.layer_norm(x, (7,))
    for dims in [(0, 1), (0, 2), (1, 2)]:
        turned = x.transpose(*dims).contiguous().transpose(*dims)
        close(layer(turned), want, say="a transposed view")
    close(
        layer(x.repeat_interleave(2, dim=2)[..., ::2]), want, say="every second number of a tensor"
    )
    close(layer(x[0, 0].expand(4, 7)), want[0, 0].expand(4, 7), say="a vector that is expanded")


def test_x_stays_as_it_was(LayerNorm, randn):
    """LayerNorm returns a new tensor and does not change its input."""
    for dtype in (SINGLE, DOUBLE):
        x = randn(3, 5, dtype=dtype)
        before = x.clone()
        LayerNorm(5).to(dtype)(x)
        equal(x, before, say="the call changed its input x; return a new tensor")


def test_each_call_returns_a_tensor_of_its_own(LayerNorm, randn, beside):
    """Each call computes anew and leaves the results of earlier calls as they are."""
    inputs = [randn(2, 5) for _ in range(3)]
    wants = [functional.layer_norm(x, (5,)) for x in inputs]
    results = beside("builtins.list")(beside("builtins.map")(LayerNorm(5), inputs))
    for got, want in zip(results, wants, strict=True):
        close(got, want, say="three calls, one after the other")


def test_the_gradients_are_torchs(LayerNorm, randn):
    """The gradients of x, weight and bias equal those of PyTorch's layer_norm."""
    for shape in [(2, 3, 5), (5,), (131,)]:
        wide = {"dtype": DOUBLE}
        x, upstream = randn(*shape, **wide), randn(*shape, **wide)
        parts = x, randn(shape[-1], **wide), randn(shape[-1], **wide)
        layer = _with(LayerNorm(shape[-1]).double(), *parts[1:])
        (got,) = gradients(layer, x, upstream=upstream)
        x, weight, bias = (part.clone().requires_grad_() for part in parts)
        (functional.layer_norm(x, shape[-1:], weight, bias) * upstream).sum().backward()
        grads = [(got, x), (layer.weight.grad, weight), (layer.bias.grad, bias)]
        for (got, want), name in zip(grads, ("x", "weight", "bias"), strict=True):
            # Float32's accuracy; the gradient of x is a difference, which a short vector magnifies.
            close(got, want.grad, atol=1e-4, rtol=1e-4, say=f"the gradient of {name}")


def _with(layer, weight, bias):
    """Return the layer with these parameters."""
    layer.load_state_dict({"weight": weight, "bias": bias}, strict=False)
    return layer
