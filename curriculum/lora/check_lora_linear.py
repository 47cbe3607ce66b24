"""What is asked of LoRALinear."""

import math

import pytest
import torch

from grader.engine.expect import close, equal, formed, holds
from grader.engine.side import gradients, value


def test_the_parts_have_their_shapes_and_the_dtype_of_the_base(LoRALinear, beside):
    """For 3 inputs, 5 outputs and rank 2, A is (2, 3), B is (5, 2) and y is (7, 5)."""
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
    close(layer(torch.tensor([[1.0, 1.0]])), torch.tensor([[16.0]]))


def test_a_new_layer_gives_exactly_what_its_base_gives(LoRALinear, beside, randn):
    """Before any training the update is nothing."""
    base = _base(beside, randn(5, 3), randn(5))
    x = randn(7, 3)
    before = value(base(x))
    equal(value(LoRALinear(base, 2, 4.0)(x)), before, say="see: B is zero at first")


def test_the_second_matrix_is_zero_at_first(LoRALinear, beside):
    """Every entry of a new lora_B is 0."""
    layer = LoRALinear(beside("torch.nn.Linear")(3, 5), 2, 4.0)
    equal(value(layer.lora_B), torch.zeros(5, 2))


def test_the_first_matrix_is_drawn_from_the_normal_distribution(LoRALinear, beside):
    """Over 16,384 entries A has mean 0, spread 1 / sqrt(in) and the tails of a normal."""
    layer = LoRALinear(beside("torch.nn.Linear")(256, 3), 64, 4.0)
    in_spreads = value(layer.lora_A) * math.sqrt(256)
    # Each bound is at least seven standard errors of 16,384 draws away.
    spread = in_spreads.square().mean().sqrt()
    close(spread, torch.tensor(1.0), atol=0.05, say="the spread of A * sqrt(in)")
    close(in_spreads.mean(), torch.tensor(0.0), atol=0.06, say="the mean of A * sqrt(in)")
    tails = (in_spreads.abs() > 2).float().mean()
    say = "of a normal's draws 4.55 % lie beyond two spreads"
    close(tails, torch.tensor(0.0455), atol=0.015, say=say)


def test_each_layer_draws_a_first_matrix_of_its_own(LoRALinear, beside):
    """Two layers of one shape begin with different A."""
    first, second = (LoRALinear(beside("torch.nn.Linear")(3, 5), 2, 4.0) for _ in range(2))
    same = torch.equal(value(first.lora_A), value(second.lora_A))
    holds(not same, "A is drawn anew for each layer", got=value(second.lora_A))


def test_the_output_follows_the_rule_for_any_shape_rank_and_alpha(LoRALinear, beside, randn):
    """The output is x (W + alpha / rank * B A)^T + b, with a bias or without one."""
    for shape, rank, alpha, bias in [((3,), 1, 2.0, True), ((2, 7, 3), 5, 3.0, False)]:
        weight = randn(5, 3, dtype=torch.float64)
        b = randn(5, dtype=torch.float64) if bias else None
        layer = LoRALinear(_base(beside, weight, b), rank, alpha)
        A, B = _fill(layer, randn, rank)
        x = randn(*shape, dtype=torch.float64)
        want = x @ (weight + alpha / rank * B @ A).T + (0 if b is None else b)
        say = f"x of shape {shape}, rank {rank}, alpha {alpha}, {'a' if bias else 'no'} bias"
        close(layer(x), want, say=say)


def test_only_the_two_matrices_are_trained(LoRALinear, beside):
    """Of all parameters only lora_A and lora_B ask for gradients; the base is frozen."""
    layer = LoRALinear(beside("torch.nn.Linear")(3, 5), 2, 4.0)
    trained = {name for name, part in layer.named_parameters() if part.requires_grad}
    equal(trained, {"lora_A", "lora_B"}, say="the parameters that are trained")


def test_the_layer_holds_the_base_itself_and_leaves_its_numbers(LoRALinear, beside, randn):
    """The base keeps its weight and bias; layer.base is that very base, not a copy."""
    weight, bias = randn(5, 3, dtype=torch.float64), randn(5, dtype=torch.float64)
    base = _base(beside, weight, bias)
    layer = LoRALinear(base, 2, 4.0)
    A, B = _fill(layer, randn, 2)
    x = randn(7, 3, dtype=torch.float64)
    layer(x)
    equal(value(base.weight), weight, say="the weight of the base has changed")
    equal(value(base.bias), bias, say="the bias of the base has changed")
    base.weight.data = weight + 1
    want = x @ (weight + 1 + 2 * B @ A).T + bias
    close(layer(x), want, say="a later change of the base has to show: it is no copy")
    equal(value(layer.base.weight), weight + 1, say="layer.base is the base")


def test_the_gradients_are_those_of_the_rule(LoRALinear, beside, randn):
    """A, B and x get the gradients that torch finds for the rule; the base gets none."""
    weight, bias = randn(5, 3, dtype=torch.float64), randn(5, dtype=torch.float64)
    base = _base(beside, weight, bias)
    layer = LoRALinear(base, 2, 3.0)
    A, B = (part.requires_grad_() for part in _fill(layer, randn, 2))
    x, upstream = randn(7, 3, dtype=torch.float64), randn(7, 5, dtype=torch.float64)
    (got,) = gradients(layer, x, upstream=upstream)
    twin = x.clone().requires_grad_()
    ((twin @ weight.T + bias + 1.5 * twin @ A.T @ B.T) * upstream).sum().backward()
    close(value(layer.lora_A.grad), A.grad, say="the gradient of lora_A")
    close(value(layer.lora_B.grad), B.grad, say="the gradient of lora_B")
    close(got, twin.grad, say="the gradient of x, through the base and through the update")
    equal((base.weight.grad, base.bias.grad), (None, None), say="gradients of the frozen base")


def test_a_rank_below_one_is_refused(LoRALinear, beside):
    """A rank of 0 or -1 raises ValueError."""
    for rank in (0, -1):
        with pytest.raises(ValueError):
            LoRALinear(beside("torch.nn.Linear")(3, 5), rank, 4.0)


def _base(beside, weight, bias):
    """A linear layer beside the learner's code, with these numbers."""
    rows, columns = weight.shape
    base = beside("torch.nn.Linear")(columns, rows, bias=bias is not None, dtype=weight.dtype)
    base.weight.data = weight.clone()
    if bias is not None:
        base.bias.data = bias.clone()
    return base


def _fill(layer, randn, rank):
    """Give a layer of 3 inputs and 5 outputs other A and B, and return them."""
    A, B = randn(rank, 3, dtype=torch.float64), randn(5, rank, dtype=torch.float64)
    _set(layer, A, B)
    return A, B


def _set(layer, A, B):
    """Give a layer's parameters these numbers."""
    layer.load_state_dict({"lora_A": A, "lora_B": B}, strict=False)
