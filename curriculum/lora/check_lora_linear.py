"""The checks of LoRALinear."""

import math

import pytest
import torch

from grader.checks import close, equal, formed, gradients, holds, value

FLOAT32 = {"atol": 1e-5, "rtol": 1e-4}
"""The accuracy of float32, which is enough for layers in float64 too."""


def test_the_parts_have_their_shapes_and_the_dtype_of_the_base(LoRALinear, beside):
    """For 3 inputs, 5 outputs and rank 2, A has shape (2, 3) and B (5, 2), in the base's dtype."""
    for name, dtype in (("float32", torch.float32), ("float64", torch.float64)):
        layer = LoRALinear(beside("torch.nn.Linear")(3, 5, dtype=dtype), 2, 4.0)
        formed(value(layer.lora_A), f"{name} tensor 2x3", "lora_A")
        formed(value(layer.lora_B), f"{name} tensor 5x2", "lora_B")
        formed(layer(torch.ones(7, 3, dtype=dtype)), f"{name} tensor 7x5", "the output")


def test_an_output_worked_by_hand(LoRALinear, beside):
    """With W = [1 2], b = 3, A = [1 1; 0 1], B = [2 1] and 4 / 2, x = [1 1] gives 6 + 2 * 5."""
    base = _base(beside, torch.tensor([[1.0, 2.0]]), torch.tensor([3.0]))
    layer = LoRALinear(base, 2, 4.0)
    _set(layer, torch.tensor([[1.0, 1.0], [0.0, 1.0]]), torch.tensor([[2.0, 1.0]]))
    close(
        layer(torch.tensor([[1.0, 1.0]])), torch.tensor([[16.0]]), say="A x is [2, 1], B A x is 5"
    )


def test_a_new_layer_gives_exactly_what_its_base_gives(LoRALinear, beside, randn):
    """A new layer returns exactly what its base layer returns."""
    base = _base(beside, randn(5, 3), randn(5))
    x = randn(7, 3)
    before = value(base(x))
    equal(value(LoRALinear(base, 2, 4.0)(x)), before, say="B starts as zeros, so the update is 0")


def test_the_second_matrix_is_zero_at_first(LoRALinear, beside):
    """lora_B starts as zeros, and lora_A does not."""
    layer = LoRALinear(beside("torch.nn.Linear")(3, 5), 2, 4.0)
    # Counted beside the learner's code first: a number that does not depend on what was drawn.
    count = beside("torch.count_nonzero")(layer.lora_B)
    equal(int(value(count)), 0, say="how many numbers of lora_B are not 0")
    count = beside("torch.count_nonzero")(layer.lora_A)
    equal(int(value(count)), 6, say="how many of lora_A's six numbers are not 0")
    equal(value(layer.lora_B), torch.zeros(5, 2))


def test_the_first_matrix_is_drawn_from_the_normal_distribution(LoRALinear, beside):
    """lora_A starts as normal random numbers with mean 0 and standard deviation 1 / sqrt(in)."""
    layer = LoRALinear(beside("torch.nn.Linear")(256, 3), 128, 4.0)
    scaled = value(layer.lora_A) * math.sqrt(256)
    # Each bound is at least seven standard errors of 32,768 draws away.
    std = scaled.square().mean().sqrt()
    close(std, torch.tensor(1.0), atol=0.05, say="the standard deviation of A * sqrt(in)")
    close(scaled.mean(), torch.tensor(0.0), atol=0.06, say="the mean of A * sqrt(in)")
    tails = (scaled.abs() > 2).float().mean()
    say = "of normal random numbers 4.55 % are more than two standard deviations from the mean"
    close(tails, torch.tensor(0.0455), atol=0.008, say=say)
    # Of 32,768 normal numbers 38 are expected there; none has a probability of 4e-17.
    beyond = int((scaled.abs() > 3.25).sum())
    say = "of 32,768 normal numbers about 38 lie beyond 3.25 standard deviations"
    holds(0 < beyond < 150, say, want="about 38", got=beyond)
    distinct = scaled.unique().numel()
    holds(distinct > 30_000, "nearly all of 32,768 drawn numbers are different", got=distinct)


def test_each_layer_draws_a_first_matrix_of_its_own(LoRALinear, beside):
    """Two layers of the same shape start with different numbers in lora_A."""
    first, second = (LoRALinear(beside("torch.nn.Linear")(3, 5), 2, 4.0) for _ in range(2))
    same = torch.equal(value(first.lora_A), value(second.lora_A))
    holds(not same, "each layer draws its own random A", got=value(second.lora_A))


def test_the_output_follows_the_rule_for_any_shape_rank_and_alpha(LoRALinear, beside, randn):
    """With any A and B, the output is (W + alpha / rank * B A) x + b, also without a bias."""
    for shape, rank, alpha, bias in [((3,), 1, 2.0, True), ((2, 7, 3), 5, 3.0, False)]:
        weight = randn(5, 3, dtype=torch.float64)
        b = randn(5, dtype=torch.float64) if bias else None
        layer = LoRALinear(_base(beside, weight, b), rank, alpha)
        A, B = _fill(layer, randn, rank)
        x = randn(*shape, dtype=torch.float64)
        want = x @ (weight + alpha / rank * B @ A).T + (0 if b is None else b)
        say = f"x of shape {shape}, rank {rank}, alpha {alpha}, {'a' if bias else 'no'} bias"
        close(layer(x), want, say=say, **FLOAT32)


def test_changed_matrices_count_in_the_next_call(LoRALinear, beside, randn):
    """After A and B were changed, the next call uses them, in training and evaluation mode."""
    weight = randn(5, 3, dtype=torch.float64)
    layer = LoRALinear(_base(beside, weight, None), 2, 3.0)
    x = randn(7, 3, dtype=torch.float64)
    for mode in (True, False, True):
        layer.train(mode)
        A, B = _fill(layer, randn, 2)
        for _ in range(2):
            say = f"layer.train({mode}), after A and B were changed"
            close(layer(x), x @ (weight + 1.5 * B @ A).T, say=say, **FLOAT32)
    equal(value(layer.base.weight), weight, say="the base's weight")


def test_the_layout_in_memory_and_the_rank_do_not_matter(LoRALinear, beside, randn):
    """A transposed x, a rank above both sizes and any alpha give the output of the rule."""
    weight, b = randn(5, 3, dtype=torch.float64), randn(5, dtype=torch.float64)
    x = randn(3, 2, 7, dtype=torch.float64).permute(2, 1, 0)
    for rank, alpha in ((11, 0.5), (2, 1), (3, -2.0), (4, 0.0)):
        layer = LoRALinear(_base(beside, weight, b), rank, alpha)
        A, B = _fill(layer, randn, rank)
        say = f"rank {rank}, alpha {alpha}"
        close(layer(x), x @ (weight + alpha / rank * B @ A).T + b, say=say, **FLOAT32)


def test_only_the_two_matrices_are_trained(LoRALinear, beside):
    """Only lora_A and lora_B require a gradient; the parameters of the base are frozen."""
    layer = LoRALinear(beside("torch.nn.Linear")(3, 5), 2, 4.0)
    trained = {name for name, part in layer.named_parameters() if part.requires_grad}
    equal(trained, {"lora_A", "lora_B"}, say="the parameters that require a gradient")


def test_the_layer_holds_the_base_itself_and_leaves_its_numbers(LoRALinear, beside, randn):
    """layer.base is the base layer itself, not a copy, and its weight and bias do not change."""
    weight, bias = randn(5, 3, dtype=torch.float64), randn(5, dtype=torch.float64)
    base = _base(beside, weight, bias)
    layer = LoRALinear(base, 2, 4.0)
    A, B = _fill(layer, randn, 2)
    x = randn(7, 3, dtype=torch.float64)
    layer(x)
    equal(value(base.weight), weight, say="the call changed the base's weight")
    equal(value(base.bias), bias, say="the call changed the base's bias")
    base.weight.data = weight + 1
    want = x @ (weight + 1 + 2 * B @ A).T + bias
    say = "the base's weight was changed after the layer was created; a copy does not follow"
    close(layer(x), want, say=say, **FLOAT32)
    equal(value(layer.base.weight), weight + 1, say="layer.base is the base layer")


def test_the_gradients_are_those_of_the_rule(LoRALinear, beside, randn):
    """The gradients of A, B and x equal those of the formula, and the base gets none."""
    weight, bias = randn(5, 3, dtype=torch.float64), randn(5, dtype=torch.float64)
    base = _base(beside, weight, bias)
    layer = LoRALinear(base, 2, 3.0)
    A, B = (part.requires_grad_() for part in _fill(layer, randn, 2))
    x, upstream = randn(7, 3, dtype=torch.float64), randn(7, 5, dtype=torch.float64)
    (got,) = gradients(layer, x, upstream=upstream)
    twin = x.clone().requires_grad_()
    ((twin @ weight.T + bias + 1.5 * twin @ A.T @ B.T) * upstream).sum().backward()
    close(value(layer.lora_A.grad), A.grad, say="the gradient of lora_A", **FLOAT32)
    close(value(layer.lora_B.grad), B.grad, say="the gradient of lora_B", **FLOAT32)
    say = "the gradient of x, through the base and through the update"
    close(got, twin.grad, say=say, **FLOAT32)
    equal((base.weight.grad, base.bias.grad), (None, None), say="gradients of the frozen base")


def test_x_stays_as_it_was(LoRALinear, beside, randn):
    """The layer returns a new tensor and does not change its input."""
    layer, x = LoRALinear(beside("torch.nn.Linear")(3, 5), 2, 4.0), randn(7, 3)
    before = x.clone()
    layer(x)
    equal(x, before, say="the call changed its input x; return a new tensor")


def test_a_rank_below_one_is_refused(LoRALinear, beside):
    """A rank of 0 or -1 raises ValueError."""
    for rank in (0, -1):
        with pytest.raises(ValueError):
            LoRALinear(beside("torch.nn.Linear")(3, 5), rank, 4.0)


def _base(beside, weight, bias):
    """Return a linear layer with this weight and bias, which lives beside the learner's code."""
    rows, columns = weight.shape
    base = beside("torch.nn.Linear")(columns, rows, bias=bias is not None, dtype=weight.dtype)
    base.weight.data = weight.clone()
    if bias is not None:
        base.bias.data = bias.clone()
    return base


def _fill(layer, randn, rank):
    """Give a layer of 3 inputs and 5 outputs random A and B, and return them."""
    A, B = randn(rank, 3, dtype=torch.float64), randn(5, rank, dtype=torch.float64)
    _set(layer, A, B)
    return A, B


def _set(layer, A, B):
    """Set the layer's A and B."""
    layer.load_state_dict({"lora_A": A, "lora_B": B}, strict=False)
