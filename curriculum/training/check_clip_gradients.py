"""The checks of clip_gradients."""

import torch

from grader.checks import close, equal, value

double = torch.float64


def test_a_joint_norm_worked_by_hand(clip_gradients, beside):
    """Gradients [3 0] and [-4] have the norm 5; with max_norm=1 they become [0.6 0] and [-0.8]."""
    parts = _parameters(beside, [torch.tensor([3.0, 0.0]), torch.tensor([-4.0])])
    got = clip_gradients(parts, 1.0)
    close(got, 5.0, rtol=1e-5, say="the norm before: sqrt(3^2 + 4^2)")
    close(parts[0].grad, torch.tensor([0.6, 0.0]), say="[3 0] divided by 5")
    close(parts[1].grad, torch.tensor([-0.8]), say="[-4] divided by 5")


def test_the_norm_before_is_returned_as_a_python_float(clip_gradients, beside, randn):
    """The result is a Python float, the joint norm before scaling, clipped or not."""
    for max_norm in (0.5, 1000.0):
        given = [randn(3, 5), randn(7)]
        got = clip_gradients(_parameters(beside, given), max_norm)
        equal(type(got) is float, True, say=f"with max_norm={max_norm} the result is a float")
        close(got, _norm(given), rtol=1e-5, say=f"the norm before, with max_norm={max_norm}")


def test_all_gradients_are_scaled_by_one_factor(clip_gradients, beside, randn):
    """Above the bound every gradient is multiplied by max_norm / norm, the same factor for all."""
    for max_norm in (0.1, 1.0, 2.5):
        given = [10 * randn(3, 5, dtype=double), 0.1 * randn(7, dtype=double)]
        given.append(randn(2, 1, 3, dtype=double))
        parts = _parameters(beside, given)
        clip_gradients(parts, max_norm)
        for number, (part, gradient) in enumerate(zip(parts, given, strict=True)):
            say = f"gradient {number} of shape {tuple(gradient.shape)}, with max_norm={max_norm}"
            close(part.grad, gradient * (max_norm / _norm(given)), say=say)


def test_afterwards_the_joint_norm_is_max_norm(clip_gradients, beside, randn):
    """After clipping the joint norm is max_norm, and a second call changes nothing more."""
    given = [randn(3, 5, dtype=double) + 2, randn(7, dtype=double) + 2]
    parts = _parameters(beside, given)
    clip_gradients(parts, 0.7)
    after = [part.grad.clone() for part in parts]
    close(_norm(after), 0.7, rtol=1e-4, say="the joint norm after clipping to 0.7")
    close(clip_gradients(parts, 0.7), 0.7, rtol=1e-4, say="what a second call returns")
    for part, before in zip(parts, after, strict=True):
        close(part.grad, before, say="a gradient after the second call")


def test_below_the_bound_gradients_stay_bit_for_bit(clip_gradients, beside, randn):
    """With a norm below max_norm no gradient changes, not even by rounding."""
    for dtype in (torch.float32, double):
        given = [randn(3, 5, dtype=dtype), randn(7, dtype=dtype)]
        found = {}
        for factor in (1.01, 3.0, 1e9):
            parts = _parameters(beside, given)
            clip_gradients(parts, factor * _norm(given))
            found[factor] = [part.grad for part in parts]
        # All calls before the first claim: their results together tell one mistake from another.
        for factor, gradients in found.items():
            for after, gradient in zip(gradients, given, strict=True):
                say = f"{dtype}, max_norm is {factor:g} times the norm"
                equal(after, gradient, say=say)


def test_the_bound_is_about_all_gradients_together(clip_gradients, beside):
    """Nine gradients of norm 1 have the joint norm 3; with max_norm=2 each is scaled by 2/3."""
    given = [torch.tensor([0.6, -0.8]) for _ in range(9)]
    parts = _parameters(beside, given)
    close(clip_gradients(parts, 2.0), 3.0, rtol=1e-5, say="the norm of nine gradients of norm 1")
    for part in parts:
        close(part.grad, torch.tensor([0.4, -1.6 / 3]), say="a gradient of norm 1, times 2/3")


def test_a_parameter_without_gradient_is_left_out(clip_gradients, beside):
    """A parameter whose grad is None counts for nothing, and its grad stays None."""
    given = [torch.tensor([3.0]), None, torch.tensor([4.0]), None]
    parts = _parameters(beside, given)
    close(clip_gradients(parts, 1.0), 5.0, rtol=1e-5, say="the norm of [3] and [4]")
    for part, want in zip(parts, (0.6, None, 0.8, None), strict=True):
        if want is None:
            equal(part.grad, None, say="the grad of a parameter that had none")
        else:
            close(part.grad, torch.tensor([want]), say="a gradient beside one that is None")


def test_without_any_gradient_the_norm_is_zero(clip_gradients, beside):
    """If all gradients are None or zeros, the norm is 0 and nothing becomes NaN."""
    for given in ([None, None], [torch.zeros(3), torch.zeros(2, 5)], [None, torch.zeros(3)], []):
        parts = _parameters(beside, given)
        say = f"{sum(g is None for g in given)} of {len(given)} gradients are None, the rest zeros"
        got = clip_gradients(parts, 1.0)
        close(got, 0.0, say=say)
        equal(type(got) is float, True, say=f"{say}: the result is a float")
        for part, gradient in zip(parts, given, strict=True):
            equal(part.grad, gradient, say=f"a gradient afterwards; {say}")


def test_parameters_may_come_in_an_iterable_that_is_read_once(clip_gradients, beside, randn):
    """With model.parameters(), the gradients of all parameters of a model are clipped."""
    model = beside("torch.nn.Linear")(5, 3)
    given = [randn(3, 5) + 1, randn(3) + 1]
    for part, gradient in zip((model.weight, model.bias), given, strict=True):
        part.grad = gradient.clone()
    got = clip_gradients(model.parameters(), 0.5)
    close(got, _norm(given), rtol=1e-5, say="the norm before, with model.parameters()")
    for part, gradient in zip((model.weight, model.bias), given, strict=True):
        say = "a gradient after clip_gradients(model.parameters(), 0.5)"
        close(part.grad, gradient * (0.5 / _norm(given)), say=say)


def test_parameters_stay_as_they_are(clip_gradients, beside, randn):
    """The parameters, and whether they require a gradient, do not change."""
    given = [randn(3, 5) + 3, randn(7) + 3]
    parts = _parameters(beside, given)
    clip_gradients(parts, 0.5)
    for part, gradient in zip(parts, given, strict=True):
        equal(value(part), torch.full(gradient.shape, 100.0), say="the parameter itself")
        equal(part.requires_grad, True, say="requires_grad of the parameter")


def test_large_and_small_numbers_and_both_dtypes_count(clip_gradients, beside, randn):
    """Gradients of about 1e11 and 1e-12, in float32 and float64, count and are scaled."""
    large, small = 1e11 * randn(3, 5), 1e-12 * (1 + randn(7, dtype=double).abs())
    parts = _parameters(beside, [large, small])
    close(clip_gradients(parts, 1e10), _norm([large]), rtol=1e-5, say="numbers of about 1e11")
    factor = 1e10 / _norm([large])
    close(parts[0].grad, large * factor, say="the gradient in float32")
    say = "the gradient in float64, with numbers of about 1e-12"
    close(parts[1].grad, small * factor, atol=0, rtol=1e-4, say=say)
    got = clip_gradients(_parameters(beside, [small.float()]), 1.0)
    close(got, _norm([small]), atol=0, rtol=1e-4, say="the norm of numbers of about 1e-12")


def test_the_layout_and_the_size_do_not_matter(clip_gradients, beside, randn):
    """A transposed, a strided and a large gradient, and one of shape (), are scaled as others."""
    for given, say in (
        ([randn(5, 3).T + 1, randn(7)], "a transposed gradient"),
        ([(randn(6, 5) + 1)[::2], randn(7)], "a gradient that is a strided view"),
        ([randn(503, 211), randn(3)], "106,133 numbers"),
        ([randn() + 5, randn(3)], "a gradient of shape ()"),
    ):
        parts = _parameters(beside, given)
        close(clip_gradients(parts, 0.5), _norm(given), rtol=1e-4, say=f"{say}: the norm before")
        for part, gradient in zip(parts, given, strict=True):
            close(part.grad, gradient * (0.5 / _norm(given)), say=say)


def _parameters(beside, given):
    """Return a parameter of hundreds for each gradient, beside the learner's code."""
    parts = []
    for gradient in given:
        start = torch.ones(3) if gradient is None else torch.ones_like(gradient)
        part = beside("torch.nn.Parameter")(100 * start)
        part.grad = None if gradient is None else _copy(gradient)
        parts.append(part)
    return parts


def _copy(gradient):
    """Return a copy with the same layout in memory."""
    empty = torch.empty_strided(gradient.shape, gradient.stride(), dtype=gradient.dtype)
    return empty.copy_(gradient)


def _norm(given):
    """Return the joint norm, in float64."""
    return sum(float(gradient.double().square().sum()) for gradient in given) ** 0.5
