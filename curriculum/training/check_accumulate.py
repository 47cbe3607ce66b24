"""The checks of accumulate."""

import math

import torch
from torch.nn import functional

from grader.checks import close, equal, value

double = torch.float64
FLOAT32 = {"atol": 1e-6, "rtol": 1e-4}
"""The accuracy of float32, which is enough for a model in float64 too."""


def test_gradients_worked_by_hand(accumulate, beside):
    """With zero logits and 1 and 2 counted positions, each has the weight 1/3."""
    model = _table(beside, torch.zeros(2, 2))
    batches = [
        (torch.tensor([[0]]), torch.tensor([[0]])),
        (torch.tensor([[1, 1, 1]]), torch.tensor([[1, 1, -100]])),
    ]
    close(accumulate(model, batches), math.log(2), atol=1e-5, say="the loss for two equal logits")
    want = torch.tensor([[-0.5, 0.5], [1.0, -1.0]]) / 3
    say = "row 0 is used at one counted position and row 1 at two, each with probabilities 1/2"
    close(model.weight.grad, want, say=say)


def test_the_gradients_are_those_of_the_whole_batch(accumulate, beside, randn, randint):
    """Micro-batches with 1, 3, 9 and 15 counted positions have the whole batch's gradients."""
    model, state = _model(beside, randn)
    inputs, targets = randint(0, 11, 8, 5), randint(0, 11, 8, 5)
    targets[0:2], targets[2:4, 2:], targets[4:6, 4] = -100, -100, -100
    targets[0, 0], targets[3, 1], targets[4, 3] = 7, -100, -100
    want, loss = _whole(state, [(inputs, targets)])
    got = accumulate(model, _cut(inputs, targets, 2))
    _check_gradients(model, want, "four micro-batches of two sequences")
    close(got, loss, **FLOAT32, say="the loss of the whole batch")


def test_every_way_to_cut_a_batch_gives_the_same(accumulate, beside, randn, randint):
    """Cut into 1, 2, 3 or 6 micro-batches, a batch has the same gradients and the same loss."""
    inputs, targets = randint(0, 11, 6, 5), randint(0, 11, 6, 5)
    targets[1, 2:], targets[4, :3] = -100, -100
    for size in (6, 3, 2, 1):
        model, state = _model(beside, randn)
        want, loss = _whole(state, [(inputs, targets)])
        got = accumulate(model, _cut(inputs, targets, size))
        say = f"{6 // size} micro-batches of {size} sequences"
        _check_gradients(model, want, say)
        close(got, loss, **FLOAT32, say=f"the loss, with {say}")


def test_micro_batches_may_have_different_shapes(accumulate, beside, randn, randint):
    """Micro-batches of shapes (1, 2), (3, 7), (5,) and (2, 1, 3) count by their positions."""
    model, state = _model(beside, randn)
    batches = [(randint(0, 11, *s), randint(0, 11, *s)) for s in [(1, 2), (3, 7), (5,), (2, 1, 3)]]
    want, loss = _whole(state, batches)
    got = accumulate(model, batches)
    _check_gradients(model, want, "2, 21, 5 and 6 counted positions")
    close(got, loss, **FLOAT32, say="the loss, the mean over 34 positions")


def test_a_micro_batch_without_counted_positions_adds_nothing(accumulate, beside, randn, randint):
    """A micro-batch whose targets are all -100 changes neither the gradients nor the loss."""
    batches = [(randint(0, 11, 2, n), randint(0, 11, 2, n)) for n in (5, 3)]
    ignored = randint(0, 11, 2, 4), torch.full((2, 4), -100)
    for at in (0, 1, 2):
        model, state = _model(beside, randn)
        want, loss = _whole(state, batches)
        got = accumulate(model, [*batches[:at], ignored, *batches[at:]])
        say = f"micro-batch {at} of 3 has no counted position"
        _check_gradients(model, want, say)
        close(got, loss, **FLOAT32, say=f"the loss; {say}")


def test_without_any_counted_position_the_loss_is_zero(accumulate, beside, randn, randint):
    """If all targets of all micro-batches are -100, the loss is 0 and nothing is added."""
    ignored = [(randint(0, 11, 2, n), torch.full((2, n), -100)) for n in (3, 5)]
    for before in (None, 2.0):
        model, state = _model(beside, randn)
        if before is not None:
            _set_gradients(model, state, before)
        close(accumulate(model, ignored), 0.0, say="the loss when nothing counts")
        for name, part in state.items():
            got = model.get_parameter(name).grad
            if got is not None or before is not None:
                want = torch.full_like(part, before or 0.0)
                close(got, want, say=f"the gradient of {name}; it was {before} before")


def test_gradients_are_added_to_those_that_are_there(accumulate, beside, randn, randint):
    """Gradients that were there before stay in the sum, and a second call adds once more."""
    model, state = _model(beside, randn)
    batches = [(randint(0, 11, 2, n), randint(0, 11, 2, n)) for n in (5, 3, 1)]
    want, loss = _whole(state, batches)
    _set_gradients(model, state, 2.0)
    for calls in (1, 2):
        got = accumulate(model, batches)
        sums = {name: 2.0 + calls * gradient for name, gradient in want.items()}
        _check_gradients(model, sums, f"gradients of 2 before, after {calls} of 2 calls")
        close(got, loss, **FLOAT32, say=f"the loss of call {calls}")


def test_the_loss_is_a_python_float(accumulate, beside, randn, randint):
    """The result is a Python float, also when nothing counts."""
    model, _ = _model(beside, randn)
    inputs, targets = randint(0, 11, 2, 3), randint(0, 11, 2, 3)
    for given in (targets, torch.full((2, 3), -100)):
        got = accumulate(model, [(inputs, given), (inputs, given)])
        equal(type(got) is float, True, say="the loss is a Python float")


def test_one_micro_batch_alone_is_an_ordinary_batch(accumulate, beside, randn, randint):
    """With one micro-batch the gradients are those of its mean loss, in float32 as well."""
    for dtype, shape in ((torch.float32, (3, 5)), (double, (3, 5)), (double, (1, 1))):
        model, state = _model(beside, randn, dtype)
        batch = randint(0, 11, *shape), randint(0, 11, *shape)
        want, loss = _whole(state, [batch])
        got = accumulate(model, [batch])
        _check_gradients(model, want, f"one micro-batch of shape {shape}, {dtype}")
        close(got, loss, **FLOAT32, say=f"the loss in {dtype}")


def test_only_gradients_change(accumulate, beside, randn, randint):
    """Parameters, training or evaluation mode, the inputs and the targets stay as they were."""
    for training in (True, False):
        model, state = _model(beside, randn)
        model.train(training)
        batches = [(randint(0, 11, 2, n), randint(0, 11, 2, n)) for n in (5, 3)]
        batches[0][1][0, 1] = -100
        before = [(inputs.clone(), targets.clone()) for inputs, targets in batches]
        accumulate(model, batches)
        for name, part in state.items():
            equal(value(model.get_parameter(name)), part, say=f"the parameter {name}")
        equal(model.training, training, say="model.training after the call")
        for given, kept in zip(batches, before, strict=True):
            equal(given[0], kept[0], say="the inputs of a micro-batch")
            equal(given[1], kept[1], say="the targets of a micro-batch")


def test_a_frozen_parameter_gets_no_gradient(accumulate, beside, randn, randint):
    """A parameter that does not require a gradient keeps a grad of None; the others get theirs."""
    model, state = _model(beside, randn)
    model.get_parameter("0.weight").requires_grad_(False)
    batches = [(randint(0, 11, 2, n), randint(0, 11, 2, n)) for n in (5, 2)]
    want, _ = _whole(state, batches)
    accumulate(model, batches)
    equal(model.get_parameter("0.weight").grad, None, say="the grad of the frozen parameter")
    del want["0.weight"]
    _check_gradients(model, want, "the embedding is frozen")


def test_one_micro_batch_at_a_time_is_in_memory(accumulate, beside, randint, room, long_run):
    """64 micro-batches, whose logits together take 128 MiB, need less than 64 MiB."""
    model = beside("torch.nn.Sequential")(
        beside("torch.nn.Embedding")(11, 3), beside("torch.nn.Linear")(3, 8192)
    )
    batches = [(randint(0, 11, 2, 32), randint(0, 8192, 2, 32)) for _ in range(64)]
    accumulate(model, batches[:2])
    room(64)
    accumulate(model, batches)


def _table(beside, weight):
    """Return a model that looks its logits up in a table, beside the learner's code."""
    model = beside("torch.nn.Embedding")(*weight.shape)
    model.load_state_dict({"weight": weight})
    return model


def _model(beside, randn, dtype=double):
    """Return an embedding and a linear layer beside the learner's code, and their parameters."""
    model = beside("torch.nn.Sequential")(
        beside("torch.nn.Embedding")(11, 6, dtype=dtype),
        beside("torch.nn.Tanh")(),
        beside("torch.nn.Linear")(6, 11, dtype=dtype),
    )
    shapes = {"0.weight": (11, 6), "2.weight": (11, 6), "2.bias": (11,)}
    state = {name: randn(*shape, dtype=dtype) for name, shape in shapes.items()}
    model.load_state_dict(state)
    return model, state


def _cut(inputs, targets, size):
    """Return micro-batches of so many sequences each."""
    return list(zip(inputs.split(size), targets.split(size), strict=True))


def _whole(state, batches):
    """Return the gradients by name, and the loss, of all micro-batches as one batch."""
    twins = {name: part.clone().requires_grad_() for name, part in state.items()}
    inputs, targets = (
        torch.cat([part.flatten() for part in each]) for each in zip(*batches, strict=True)
    )
    hidden = twins["0.weight"][inputs].tanh()
    logits = functional.linear(hidden, twins["2.weight"], twins["2.bias"])
    loss = functional.cross_entropy(logits, targets)
    loss.backward()
    return {name: twin.grad for name, twin in twins.items()}, loss.item()


def _check_gradients(model, want, say):
    """Claim that the parameters of the model have these gradients."""
    for name, gradient in want.items():
        close(
            model.get_parameter(name).grad,
            gradient,
            say=f"the gradient of {name}; {say}",
            **FLOAT32,
        )


def _set_gradients(model, state, number):
    """Set all gradients of a model to one number."""
    for name, part in state.items():
        model.get_parameter(name).grad = torch.full_like(part, number)
