"""The checks of RMSNorm."""

import torch
from torch.nn import functional

from grader.checks import close, equal, finite, gradients, holds, shaped, value

HALF, BRAIN, SINGLE, DOUBLE = torch.float16, torch.bfloat16, torch.float32, torch.float64


def test_weight_is_the_only_parameter_and_starts_as_ones(RMSNorm):
    """The only parameter is weight, which starts as ones; there is no bias."""
    layer = RMSNorm(5)
    parameters = dict(value(layer.named_parameters()))
    equal(sorted(parameters), ["weight"], say="the names of the parameters")
    equal(parameters["weight"], torch.ones(5))
    holds(layer.weight.requires_grad, "weight is trained, so it must require a gradient")


def test_weight_is_an_attribute_with_a_number_for_each_feature(RMSNorm):
    """layer.weight has the shape (width,), and each of its numbers is 1 in a new layer."""
    for width in (5, 1, 131):
        equal(value(RMSNorm(width).weight), torch.ones(width), say=f"width {width}")


def test_the_result_has_the_shape_and_dtype_of_x(RMSNorm, randn):
    """The result has the shape and the dtype of x."""
    for shape in [(5,), (2, 5), (2, 3, 5), (1, 1, 5), (5, 5), (2, 1, 3, 2, 5)]:
        shaped(RMSNorm(5)(randn(*shape)), shape, SINGLE, say=f"x of shape {shape}")
    for dtype in (DOUBLE, HALF, BRAIN):
        got = RMSNorm(5).to(dtype)(randn(2, 5, dtype=dtype))
        shaped(got, (2, 5), dtype, say=f"{dtype} with a weight of that dtype")


def test_a_vector_worked_by_hand(RMSNorm):
    """The vector [3, 4, 0, 0] has mean square 25 / 4, so it is divided by 5 / 2."""
    got = RMSNorm(4)(torch.tensor([3.0, 4.0, 0.0, 0.0]))
    say = "the mean of the squares is (9 + 16) / 4, and the mean is not subtracted"
    close(got, torch.tensor([1.2, 1.6, 0.0, 0.0]), say=say)


def test_each_vector_gets_a_mean_square_of_1(RMSNorm, randn):
    """With a new weight, each output vector has mean square 1."""
    got = RMSNorm(7)(10 * randn(3, 7) + 3)
    finite(got)
    # eps = 1e-5 beside mean squares around 100 changes nothing above 1e-5.
    close(got.square().mean(dim=-1), torch.ones(3), atol=1e-4, say="the mean of the squares")


def test_each_vector_is_scaled_by_itself(RMSNorm, randn):
    """A vector's output does not depend on the other vectors or on train()/eval() mode."""
    layer, x = RMSNorm(5), randn(2, 3, 5)
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


def test_weight_scales_each_number(RMSNorm, randn):
    """With any weight, the result equals PyTorch's rms_norm."""
    for shape in [(5,), (3, 5), (2, 3, 5), (5, 5), (2, 1, 3, 2, 5), (3, 131), (2, 2049), (3, 1)]:
        weight, x = randn(shape[-1]), randn(*shape)
        got = _with(RMSNorm(shape[-1]), weight)(x)
        say = f"weight times the scaled vector, for shape {shape}"
        close(got, functional.rms_norm(x, shape[-1:], weight, 1e-5), say=say)
    weight, x = randn(5, dtype=DOUBLE), randn(3, 5, dtype=DOUBLE)
    got, want = _with(RMSNorm(5).double(), weight)(x), functional.rms_norm(x, (5,), weight, 1e-5)
    close(got, want, atol=1e-5, rtol=1e-4, say="float64")


def test_a_changed_weight_counts_from_the_next_call(RMSNorm, randn):
    """A weight that changes between two calls, as in training, counts in the second."""
    layer, x, weight = RMSNorm(5), randn(3, 5), randn(5)
    close(layer(x), functional.rms_norm(x, (5,), None, 1e-5), say="a new layer")
    got = _with(layer, weight)(x)
    close(got, functional.rms_norm(x, (5,), weight, 1e-5), say="after the change")


def test_eps_stands_under_the_root(RMSNorm):
    """With mean square 4 and eps 5 the divisor is sqrt(4 + 5) = 3; eps is 1e-5 by default."""
    got = RMSNorm(4, eps=5.0)(torch.tensor([0.0, 4.0, 0.0, 0.0]))
    close(
        got,
        torch.tensor([0.0, 4.0, 0.0, 0.0]) / 3,
        say="the divisor is sqrt(4 + 5), with eps inside the root",
    )
    small = 3e-5**0.5
    got = RMSNorm(2)(torch.tensor([small, small]))
    half = 0.75**0.5
    close(
        got, torch.tensor([half, half]), say="a mean square of 3e-5 and an eps of 1e-5 sum to 4e-5"
    )


def test_eps_counts_for_small_numbers(RMSNorm, randn):
    """For numbers of any size the result is that of the rule with the eps that was given."""
    for size, eps in [(1e-3, 1e-5), (1e-6, 1e-12), (1e-6, 1e-5), (1e-2, 0.25), (1e5, 1e-5)]:
        x = size * randn(3, 7)
        want = functional.rms_norm(x.double(), (7,), None, eps).float()
        # Below 1e-5 too: of each number, and not of 1.
        close(RMSNorm(7, eps)(x), want, atol=1e-12, rtol=1e-3, say=f"x near {size:g}, eps {eps:g}")


def test_a_vector_of_zeros_stays_zeros(RMSNorm):
    """A vector of zeros gives zeros, not NaN, also next to a vector that is not zero."""
    got = RMSNorm(2)(torch.tensor([[0.0, 0.0], [7.0, 7.0]]))
    close(got, torch.tensor([[0.0, 0.0], [1.0, 1.0]]))
    half = RMSNorm(2).half()(torch.zeros(1, 2, dtype=HALF))
    close(half, torch.zeros(1, 2, dtype=HALF), say="float16")


def test_large_numbers_in_float16_do_not_overflow(RMSNorm):
    """In float16 the vector [3000, 4000, 0, 0] becomes [1.2, 1.6, 0, 0]: no overflow."""
    got = RMSNorm(4).half()(torch.tensor([3000.0, 4000.0, 0.0, 0.0], dtype=HALF))
    want = torch.tensor([1.2, 1.6, 0.0, 0.0], dtype=HALF)
    close(got, want, say="the squares are larger than the largest float16, 65504")
    got = RMSNorm(3).half()(torch.tensor([65504.0, -65504.0, 65504.0], dtype=HALF))
    close(got, torch.tensor([1.0, -1.0, 1.0], dtype=HALF), say="65504, the largest float16")


def test_sixteen_bit_results_have_the_stated_accuracy(RMSNorm, randn):
    """In float16 each number is within 0.2 % of the exact one, in bfloat16 within 2 %."""
    flat = torch.tensor([[64416.0], [40032.0], [59264.0], [1e-3], [30.0]]).expand(5, 257)
    inputs = [("numbers near 30", 30 * randn(5, 257)), ("numbers near 0.001", randn(5, 257) / 1e3)]
    inputs += [
        ("equal numbers", flat),
        ("numbers near 20,000", 12_000 * randn(5, 257).clamp(-5, 5)),
    ]
    for dtype, relative in [(HALF, 2e-3), (BRAIN, 2e-2)]:
        for name, numbers in inputs:
            x, weight = numbers.to(dtype), randn(257).to(dtype)
            wide = x.double()
            root = (wide.square().mean(dim=-1, keepdim=True) + 1e-5).sqrt()
            got = value(_with(RMSNorm(257).to(dtype), weight)(x))
            shaped(got, (5, 257), dtype)
            # The smallest float16 numbers are 6e-8 apart.
            want = wide / root * weight.double()
            close(got.double(), want, rtol=relative, atol=1e-6, say=f"{name} in {dtype}")


def test_the_layout_in_memory_makes_no_difference(RMSNorm, randn):
    """An x that is a transposed, strided or expanded view gives what a copy of it gives."""
    layer, x = RMSNorm(7), randn(3, 5, 7)
    want = functional.rms_norm(x, (7,), None, 1e-5)
    for dims in [(0, 1), (0, 2), (1, 2)]:
        turned = x.transpose(*dims).contiguous().transpose(*dims)
        close(layer(turned), want, say="a transposed view")
    close(
        layer(x.repeat_interleave(2, dim=2)[..., ::2]), want, say="every second number of a tensor"
    )
    close(layer(x[0, 0].expand(4, 7)), want[0, 0].expand(4, 7), say="a vector that is expanded")


def test_x_stays_as_it_was(RMSNorm, randn):
    """RMSNorm returns a new tensor and does not change its input."""
    for dtype in (SINGLE, DOUBLE, HALF):
        x = randn(3, 5, dtype=dtype)
        before = x.clone()
        RMSNorm(5).to(dtype)(x)
        equal(x, before, say="the call changed its input x; return a new tensor")


def test_each_call_returns_a_tensor_of_its_own(RMSNorm, randn, beside):
    """Each call computes anew and leaves the results of earlier calls as they are."""
    inputs = [randn(2, 5) for _ in range(3)]
    wants = [functional.rms_norm(x, (5,), None, 1e-5) for x in inputs]
    results = beside("builtins.list")(beside("builtins.map")(RMSNorm(5), inputs))
    for got, want in zip(results, wants, strict=True):
        close(got, want, say="three calls, one after the other")


def test_the_gradients_are_torchs(RMSNorm, randn):
    """The gradients of x and weight equal those of PyTorch's rms_norm."""
    for shape, dtype in [((2, 3, 5), SINGLE), ((5,), DOUBLE), ((131,), SINGLE), ((3, 131), HALF)]:
        x, weight, upstream = (randn(*size, dtype=dtype) for size in (shape, shape[-1:], shape))
        layer = _with(RMSNorm(shape[-1]).to(dtype), weight)
        (got,) = gradients(layer, x, upstream=upstream)
        # In float64, of numbers that float16 has.
        twin, scale = x.double().requires_grad_(), weight.double().requires_grad_()
        (functional.rms_norm(twin, shape[-1:], scale, 1e-5) * upstream.double()).sum().backward()
        # The gradient of x is a difference of two numbers, which a short vector makes large.
        atol, rtol = (2e-2, 2e-2) if dtype is HALF else (1e-4, 1e-4)
        say = f"in {dtype} for shape {shape}"
        close(got, twin.grad.to(dtype), atol=atol, rtol=rtol, say=f"the gradient of x {say}")
        got = value(layer.weight.grad)
        want = scale.grad.to(dtype)
        close(got, want, atol=atol, rtol=rtol, say=f"the gradient of weight {say}")


def _with(layer, weight):
    """Return the layer with this parameter."""
    layer.load_state_dict({"weight": weight}, strict=False)
    return layer
