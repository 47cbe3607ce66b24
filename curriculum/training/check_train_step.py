"""The checks of train_step."""

import math

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from grader.checks import close, equal, finite, formed, value

FLOAT32 = {"atol": 1e-5, "rtol": 1e-4}
"""The accuracy of float32, which is enough for models in float64 too."""
double = torch.float64


def test_a_step_worked_by_hand(train_step, prop, beside):
    """Two equal logits: the loss is log 2, the gradient (0.5, -0.5), and its norm 0.7071."""
    model = prop("TableModel", torch.zeros(2, 2))
    sgd = beside("torch.optim.SGD")(model.parameters(), lr=1.0)
    got = train_step(model, sgd, torch.tensor([[0]]), torch.tensor([[1]]), 1.0, 9.0)
    _same_numbers(got, (0.693147, 0.707107), "a loss of log 2, a norm of sqrt(0.5^2 + 0.5^2)")
    want = torch.tensor([[-0.5, 0.5], [0.0, 0.0]])
    close(value(model.table), want, say="the parameters after a step with rate 1")


def test_the_loss_and_the_norm_are_python_floats(train_step, prop, beside, randn, randint):
    """The loss and the norm are Python floats, for models in float32 and in float64."""
    for dtype in (torch.float32, double):
        model = prop("TableModel", randn(5, 5, dtype=dtype))
        sgd = beside("torch.optim.SGD")(model.parameters(), lr=0.1)
        got = train_step(model, sgd, randint(0, 5, 2, 3), randint(0, 5, 2, 3), 0.1, 9.0)
        formed(got, "tuple of 2", "train_step(...)")
        for part, name in zip(got, ("loss", "norm"), strict=True):
            formed(part, "float", f"the {name}, for a model in {dtype}")


def test_only_the_gradients_of_this_batch_count(train_step, prop, beside, randn, randint):
    """What grad holds before the call, from a caller or an earlier step, has no influence."""
    table = randn(5, 5, dtype=double)
    model = prop("TableModel", table)
    sgd = beside("torch.optim.SGD")(model.parameters(), lr=0.5)
    model.table.grad = torch.full((5, 5), 2.0, dtype=double)
    batches = [(randint(0, 5, 2, 3), randint(0, 5, 2, 3)) for _ in range(2)]
    # Both steps before the first claim: their results together tell one mistake from another.
    found = [
        (train_step(model, sgd, *batch, 0.5, 9.0), value(model.table).clone()) for batch in batches
    ]
    says = ("grad was 2 everywhere before the call", "the next step, on another batch")
    for (got, after), batch, say in zip(found, batches, says, strict=True):
        table, want = _descend(table, *batch, 0.5)
        close(after, table, say=f"{say}: the parameters", **FLOAT32)
        _same_numbers(got, want, say)


def test_the_rate_is_set_in_every_group_before_the_update(
    train_step, beside, randn, randint, in_place
):
    """All groups of the optimizer use the rate of the call, and keep their other settings."""
    model, twin = _build(beside, randn)
    groups = [
        {"params": [model[0].weight], "lr": 0.1},
        {"params": [model[1].weight], "lr": 3.0, "weight_decay": 0.25},
        {"params": [model[1].bias], "lr": 0.01},
    ]
    sgd = beside("torch.optim.SGD")(groups, lr=0.7)  # it changes the dicts, hence in_place
    batches = [(randint(0, 5, 2, 3), randint(0, 5, 2, 3)) for _ in range(3)]
    rates, found = (0.5, 0.125, 0.0), []
    # All steps before the first claim: their results together tell one mistake from another.
    for batch, rate in zip(batches, rates, strict=True):
        train_step(model, sgd, *batch, rate, 9.0)
        found.append(_read(model))
    for got, batch, rate in zip(found, batches, rates, strict=True):
        _backward(twin, *batch)
        with torch.no_grad():
            for part, decay in zip(twin.parameters(), (0.0, 0.25, 0.0), strict=True):
                part -= rate * (part.grad + decay * part)
        say = f"a step with rate {rate}; the groups were created with 0.1, 3 and 0.01"
        _same_parameters(got, twin, say)


def test_the_joint_norm_is_clipped(train_step, beside, randn, randint):
    """Gradients whose joint norm is more than max_norm are scaled down to it, all by one factor."""
    # With a scale of 1e11 the gradients are about as large as the contract allows.
    for max_norm, scale in ((0.1, 1.0), (0.3, 1.0), (1e3, 1.0), (1e9, 1e11), (1e12, 1e11)):
        model, twin = _build(beside, randn, scale)
        sgd = beside("torch.optim.SGD")(model.parameters(), lr=2.0)
        inputs, targets = randint(0, 5, 2, 3), randint(0, 5, 2, 3)
        got = train_step(model, sgd, inputs, targets, 2.0, max_norm)
        loss, norm = _backward(twin, inputs, targets)
        with torch.no_grad():
            for part in twin.parameters():
                part -= 2.0 * part.grad * min(1.0, max_norm / norm)
        _same_parameters(_read(model), twin, f"max_norm={max_norm}, and the norm is {norm:.3g}")
        _same_numbers(got, (loss, norm), f"max_norm={max_norm}; the norm is that before clipping")


def test_five_steps_follow_torch(train_step, beside, randn, randint):
    """Five steps with AdamW, clipped and with a rate of their own, give PyTorch's parameters."""
    model, twin = _build(beside, randn)
    adamw = beside("torch.optim.AdamW")(model.parameters(), lr=0.3, weight_decay=0.1)
    follower = torch.optim.AdamW(twin.parameters(), lr=0.3, weight_decay=0.1)
    for step, rate in enumerate((0.01, 0.1, 0.05, 0.2, 0.02)):
        inputs, targets = randint(0, 5, 7, 3), randint(0, 5, 7, 3)
        max_norm = (9.0, 0.2)[step % 2]
        got = train_step(model, adamw, inputs, targets, rate, max_norm)
        want = _backward(twin, inputs, targets)
        nn.utils.clip_grad_norm_(twin.parameters(), max_norm)
        follower.param_groups[0]["lr"] = rate
        follower.step()
        _same_numbers(got, want, f"step {step}")
        _same_parameters(
            _read(model), twin, f"step {step}, with rate {rate} and max_norm={max_norm}"
        )


def test_the_optimizer_of_the_course_is_called_without_arguments(
    train_step, beside, randn, randint
):
    """AdamW of the earlier exercise, whose methods take no arguments, trains as PyTorch's does."""
    model, twin = _build(beside, randn)
    adamw = beside("exercises.training.adamw.AdamW")(model.parameters(), lr=0.1)
    follower = torch.optim.AdamW(twin.parameters(), lr=0.1)
    for step in range(2):
        inputs, targets = randint(0, 5, 2, 3), randint(0, 5, 2, 3)
        got = train_step(model, adamw, inputs, targets, 0.1, 9.0)
        want = _backward(twin, inputs, targets)
        follower.step()
        _same_numbers(got, want, f"step {step}")
        _same_parameters(_read(model), twin, f"step {step}")


def test_the_model_is_called_once_in_its_own_mode(train_step, prop, beside, randn, randint):
    """A step is one forward pass, in the mode in which the model is, and the mode stays."""
    for mode in (True, False):
        model = prop("TableModel", randn(5, 5))
        model.train(mode)
        sgd = beside("torch.optim.SGD")(model.parameters(), lr=0.1)
        train_step(model, sgd, randint(0, 5, 2, 3), randint(0, 5, 2, 3), 0.1, 9.0)
        equal(model.calls, 1, say="the number of forward passes")
        say = f"after model.train({mode}): training mode, and gradients are recorded"
        equal(model.modes, [(mode, True)], say=say)
        equal(model.training, mode, say=f"model.training after the call, {mode} before it")


def test_positions_whose_target_is_minus_100_are_ignored(train_step, prop, beside, randn, randint):
    """The loss is the mean over the other positions; if there is none, loss and norm are 0."""
    table = randn(5, 5, dtype=double)
    model = prop("TableModel", table)
    sgd = beside("torch.optim.SGD")(model.parameters(), lr=0.5)
    inputs, targets = randint(0, 5, 2, 3), randint(0, 5, 2, 3)
    targets[0, 1:] = -100
    got = train_step(model, sgd, inputs, targets, 0.5, 9.0)
    table, want = _descend(table, inputs, targets, 0.5)
    _same_numbers(got, want, "two of six targets are -100")
    close(value(model.table), table, say="the parameters", **FLOAT32)
    got = train_step(model, sgd, inputs, torch.full((2, 3), -100), 0.5, 9.0)
    _same_numbers(got, (0.0, 0.0), "all targets are -100")
    close(value(model.table), table, say="the parameters; all targets are -100", **FLOAT32)


def test_a_frozen_parameter_stays(train_step, beside, randn, randint):
    """A parameter that does not require a gradient stays and has no part in the norm."""
    for state, old, held in (
        ("has no grad", None, True),
        ("has a grad of an earlier step", 2.0, True),
        ("has a grad of an earlier step, and the optimizer does not hold it", 2.0, False),
    ):
        model, twin = _build(beside, randn)
        for network in (model, twin):
            network[0].weight.requires_grad_(False)
        if old is not None:
            model[0].weight.grad = torch.full((5, 3), old, dtype=double)
        sgd = beside("torch.optim.SGD")(list(_parts(model))[0 if held else 1 :], lr=0.5)
        inputs, targets = randint(0, 5, 2, 3), randint(0, 5, 2, 3)
        got = train_step(model, sgd, inputs, targets, 0.5, 9.0)
        want = _backward(twin, inputs, targets)
        with torch.no_grad():
            for part in list(twin.parameters())[1:]:
                part -= 0.5 * part.grad
        say = f"the embedding is frozen, it {state}"
        _same_numbers(got, want, say)
        _same_parameters(_read(model), twin, say)


def test_any_memory_layout_will_do(train_step, prop, beside, randn, randint):
    """Inputs, targets and logits that are transposed or strided train as their copies do."""
    table = randn(5, 5, dtype=double)
    for say, turn in (("transposed", lambda ids: ids.T), ("strided", lambda ids: ids[::2, 1::3])):
        model = prop("TableModel", table)
        sgd = beside("torch.optim.SGD")(model.parameters(), lr=0.5)
        inputs, targets = turn(randint(0, 5, 7, 11)), turn(randint(0, 5, 7, 11))
        got = train_step(model, sgd, inputs, targets, 0.5, 9.0)
        after, want = _descend(table, inputs, targets, 0.5)
        _same_numbers(got, want, f"inputs and targets are {say}")
        close(value(model.table), after, say=f"inputs and targets are {say}", **FLOAT32)


def test_large_logits_have_a_finite_loss(train_step, prop, beside):
    """A target whose logit is 10,000 below the largest has the loss 10,000, and a gradient."""
    for dtype in (torch.float32, double):
        table = torch.tensor([[1e4, 0, -1e4], [800, 800, 0], [0, 0, 0]], dtype=dtype)
        model = prop("TableModel", table)
        sgd = beside("torch.optim.SGD")(model.parameters(), lr=1.0)
        one, other = (
            train_step(model, sgd, torch.tensor([[token]]), torch.tensor([[1]]), 1000.0, 9.0)
            for token in (0, 1)
        )
        say = f"logits [10000 0 -10000] in {dtype}, target 1"
        _same_numbers(one, (1e4, 2.0**0.5), say)
        _same_numbers(other, (math.log(2), 0.5**0.5), f"logits [800 800 0] in {dtype}, target 1")
        table[0] = torch.tensor([9e3, 1e3, -1e4])
        table[1] = torch.tensor([300, 1300, 0])
        close(value(model.table), table, say="the parameters after both steps", **FLOAT32)


def test_a_hundred_steps_need_the_memory_of_one(train_step, beside, randint, room, long_run):
    """Nothing of a batch is kept after its step: 100 steps fit into 128 MiB."""
    # Few positions, so that a loop over them is fast, and many tokens, so that logits are large.
    model = beside("torch.nn.Sequential")(
        beside("torch.nn.Embedding")(5, 2), beside("torch.nn.Linear")(2, 50_021)
    )
    sgd = beside("torch.optim.SGD")(model.parameters(), lr=0.1)
    inputs, targets = randint(0, 5, 3, 7), randint(0, 50_021, 3, 7)
    train_step(model, sgd, inputs, targets, 0.1, 9.0)
    # The logits of one batch take 4.2 MB, and several tensors of that size are computed from them.
    room(128)
    for _ in range(100):
        train_step(model, sgd, inputs, targets, 0.1, 9.0)
    finite(value(model[1].bias), say="the parameters")


def _build(beside, randn, scale=1.0):
    """Return a small model beside the learner's code, and one with equal parameters here."""
    sizes = {"embedding": (5, 3), "linear": (3, 5)}
    parts = randn(5, 3, dtype=double), randn(5, 3, dtype=double), randn(5, dtype=double)
    parts = parts[0] / scale, parts[1] * scale, parts[2]
    model = beside("torch.nn.Sequential")(
        beside("torch.nn.Embedding")(*sizes["embedding"], dtype=double),
        beside("torch.nn.Linear")(*sizes["linear"], dtype=double),
    )
    twin = nn.Sequential(
        nn.Embedding(*sizes["embedding"], dtype=double), nn.Linear(*sizes["linear"], dtype=double)
    )
    for part, own, numbers in zip(_parts(model), _parts(twin), parts, strict=True):
        part.data, own.data = numbers.clone(), numbers.clone()
    return model, twin


def _parts(model):
    """Return the parameters of a small model."""
    return model[0].weight, model[1].weight, model[1].bias


def _backward(twin, inputs, targets):
    """Compute the gradients of one batch in the twin; return the loss and their joint norm."""
    twin.zero_grad()
    loss = cross_entropy(twin(inputs).flatten(0, 1), targets.flatten())
    loss.backward()
    parts = [part.grad for part in twin.parameters() if part.grad is not None]
    return loss.item(), sum(part.square().sum().item() for part in parts) ** 0.5


def _descend(table, inputs, targets, rate):
    """Return the table after a step of gradient descent, and the step's loss and norm."""
    twin = table.clone().requires_grad_()
    loss = cross_entropy(twin[inputs].flatten(0, 1), targets.flatten())
    loss.backward()
    return table - rate * twin.grad, (loss.item(), twin.grad.square().sum().item() ** 0.5)


def _same_numbers(got, want, say):
    """Claim that a step returned this loss and this norm."""
    formed(got, "tuple of 2", "train_step(...)")
    for number, due, name in zip(got, want, ("loss", "norm"), strict=True):
        # That they are floats, and not tensors, is a claim of its own.
        if isinstance(number, torch.Tensor) and number.numel() == 1:
            number = number.item()
        close(number, due, say=f"{say}: the {name}", **FLOAT32)


def _read(model):
    """Return the numbers of a small model's parameters."""
    return [value(part) for part in _parts(model)]


def _same_parameters(got, twin, say):
    """Claim that a small model had the parameters of its twin."""
    names = ("embedding's weight", "linear layer's weight", "linear layer's bias")
    for part, own, name in zip(got, _parts(twin), names, strict=True):
        close(part, own.detach(), say=f"{say}: the {name}", **FLOAT32)
