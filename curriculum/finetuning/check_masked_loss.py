"""The checks of the masked loss."""

import pytest
import torch
from torch.nn import functional

from grader.checks import close, equal, formed, value

FLOAT32 = {"atol": 1e-6, "rtol": 1e-4}
"""The accuracy of float32, which is enough for a model in float64 too."""


def test_inputs_and_targets_are_int64_of_one_shape(batch_chats):
    """batch_chats returns two int64 tensors of shape (B, T), T being the longest length minus 1."""
    for lengths, width in (([4, 2, 6], 5), ([2], 1), ([3, 3], 2)):
        chats = [(list(range(1, n + 1)), [False] * (n - 1) + [True]) for n in lengths]
        got = batch_chats(chats, 0)
        formed(got, "tuple of 2", "batch_chats(...)")
        for name, part in zip(("inputs", "targets"), got, strict=True):
            formed(part, f"int64 tensor {len(lengths)}x{width}", f"{name} for lengths {lengths}")


def test_a_target_is_the_next_id_if_that_is_learned(batch_chats):
    """Of the ids 5 6 7 8, of which 7 and 8 are learned, the targets are -100, 7, 8."""
    inputs, targets = batch_chats([([5, 6, 7, 8], [False, False, True, True])], 0)
    equal(inputs, torch.tensor([[5, 6, 7]]), say="inputs: all ids but the last")
    equal(targets, torch.tensor([[-100, 7, 8]]), say="targets: 6 is not learned, 7 and 8 are")
    _, targets = batch_chats([([5, 6, 7, 8, 9], [False, True, False, False, True])], 0)
    equal(targets, torch.tensor([[6, -100, -100, 9]]), say="6 and 9 are learned")


def test_every_answer_of_a_conversation_is_learned(batch_chats):
    """Two answers with their ends are targets, and the question between them is not."""
    ids = [1, 30, 31, 40, 41, 2, 1, 32, 33, 42, 2]
    learn = [i in (40, 41, 42) for i in ids]
    learn[5] = learn[10] = True
    inputs, targets = batch_chats([(ids, learn)], 0)
    ignored = -100
    want = [ignored, ignored, 40, 41, 2, ignored, ignored, ignored, 42, 2]
    equal(inputs, torch.tensor([ids[:-1]]), say="inputs")
    equal(targets, torch.tensor([want]), say="targets")


def test_with_prompts_every_id_but_the_first_is_a_target(batch_chats):
    """With learn_prompts all ids but the first are targets, whatever their flags."""
    chats = [([5, 6, 7, 8], [False, False, True, False]), ([9, 4], [False, False])]
    inputs, targets = batch_chats(chats, 3, True)
    equal(inputs, torch.tensor([[5, 6, 7], [9, 3, 3]]), say="inputs, learn_prompts=True")
    want = torch.tensor([[6, 7, 8], [4, -100, -100]])
    equal(targets, want, say="targets, learn_prompts=True")
    _, targets = batch_chats(chats, pad=3, learn_prompts=False)
    want = torch.tensor([[-100, 7, -100], [-100, -100, -100]])
    equal(targets, want, say="targets, learn_prompts=False")


def test_padding_fills_the_inputs_and_is_no_target(batch_chats):
    """Shorter rows end with pad in the inputs and -100 in the targets, whatever pad is."""
    chats = [
        ([5, 6], [True, True]),
        ([7, 8, 9, 4], [True, False, True, True]),
        ([6] * 3, [True] * 3),
    ]
    for pad in (0, 50_256, -1, -100, 2**40 + 1):
        inputs, targets = batch_chats(chats, pad)
        want = [[5, pad, pad], [7, 8, 9], [6, 6, pad]]
        equal(inputs, torch.tensor(want), say=f"inputs, pad={pad}")
        want = [[6, -100, -100], [-100, 9, 4], [6, 6, -100]]
        equal(targets, torch.tensor(want), say=f"targets, pad={pad}")
        _, targets = batch_chats(chats, pad, True)
        want = [[6, -100, -100], [8, 9, 4], [6, 6, -100]]
        equal(targets, torch.tensor(want), say=f"targets, pad={pad}, learn_prompts=True")


def test_an_id_that_equals_the_padding_counts(batch_chats):
    """With pad equal to the id of the end, the ends of the answers are targets all the same."""
    chats = [
        ([1, 2, 5, 2], [False, False, True, True]),
        ([1, 2, 2, 6, 2, 2], [False] * 3 + [True] * 3),
    ]
    inputs, targets = batch_chats(chats, 2)
    equal(inputs, torch.tensor([[1, 2, 5, 2, 2], [1, 2, 2, 6, 2]]), say="inputs, pad=2")
    want = torch.tensor([[-100, 5, 2, -100, -100], [-100, -100, 6, 2, 2]])
    equal(targets, want, say="targets, pad=2")
    _, targets = batch_chats(chats, 2, True)
    want = torch.tensor([[2, 5, 2, -100, -100], [2, 2, 6, 2, 2]])
    equal(targets, want, say="targets, pad=2, learn_prompts=True")


def test_random_batches_follow_the_rule(batch_chats, rng):
    """Random conversations give the inputs and targets of a slow loop."""
    for _ in range(7):
        chats = _draw(rng, rng.randint(1, 7), 13, 50_257)
        pad, prompts = rng.choice([0, 2, 50_256]), rng.random() < 0.3
        want = _by_loop(chats, pad, prompts)
        inputs, targets = batch_chats(chats, pad, prompts)
        say = f"lengths {[len(ids) for ids, _ in chats]}, learn_prompts={prompts}"
        equal(inputs, want[0], say=f"inputs, {say}")
        equal(targets, want[1], say=f"targets, {say}")


def test_the_loss_is_the_mean_over_the_ids_that_count(masked_loss, prop):
    """With one certain and two even predictions that count, the loss is two thirds of log 2."""
    table = torch.tensor([[0.0, 0.0], [-50.0, 50.0]])
    model = prop("TableModel", table)
    # From 0 both ids are equally likely; from 1 the next is certainly 1.
    chats = [([0, 1, 1], [False, True, True]), ([1, 0, 0, 0], [False, False, False, True])]
    close(masked_loss(model, chats, 0), torch.tensor(2 * 0.6931472 / 3), **FLOAT32)
    say = "with learn_prompts five ids count: three even, one certain, one that costs 100"
    close(masked_loss(model, chats, 0, True), torch.tensor((3 * 0.6931472 + 100) / 5), say=say)
    flagged = [([1, 1], [True, True]), ([0, 1], [True, True])]
    say = "two ids count, one even and one certain; the flags of the first ids change nothing"
    close(masked_loss(model, flagged, 0), torch.tensor(0.6931472 / 2), say=say, **FLOAT32)


def test_the_loss_equals_torch_s(masked_loss, prop, randn, rng):
    """The loss and the gradient are those of torch's cross_entropy over all that counts."""
    for dtype in (torch.float32, torch.float64):
        for prompts in (False, True):
            table = randn(11, 11, dtype=dtype)
            chats = _draw(rng, 5, 9, 11)
            chats[0][1][-1] = True
            inputs, targets = _by_loop(chats, 3, prompts)
            mine = table.clone().requires_grad_()
            logits = mine[inputs].flatten(0, 1)
            want = functional.cross_entropy(logits, targets.flatten(), ignore_index=-100)
            want.backward()
            model = prop("TableModel", table)
            say = f"{dtype}, learn_prompts={prompts}"
            close(masked_loss(model, chats, 3, prompts), want.detach(), say=say, **FLOAT32)


def test_gradients_reach_the_model(masked_loss, prop, beside, randn):
    """The gradient of the loss is torch's, and 0 where nothing that counts was predicted."""
    table = randn(7, 7, dtype=torch.float64)
    chats = [([1, 5, 2, 6, 3], [False, False, True, True, False]), ([4, 0], [False, True])]
    inputs, targets = _by_loop(chats, 0, False)
    mine = table.clone().requires_grad_()
    logits = mine[inputs].flatten(0, 1)
    functional.cross_entropy(logits, targets.flatten(), ignore_index=-100).backward()
    model = prop("TableModel", table)
    losses = beside("builtins.map")(masked_loss, [model], [chats], [0])
    back = beside("operator.methodcaller")("backward")
    beside("builtins.list")(beside("builtins.map")(back, losses))
    close(value(model.table.grad), mine.grad, say="the gradient of the table of logits", **FLOAT32)


def test_nothing_to_learn_costs_nothing(masked_loss, prop, beside, randn):
    """If no id counts, the loss is 0 and the gradient is 0, not NaN."""
    model = prop("TableModel", randn(7, 7))
    chats = [([1, 2, 3], [False] * 3), ([4, 5], [True, False])]
    close(masked_loss(model, chats, 0), torch.tensor(0.0))
    losses = beside("builtins.map")(masked_loss, [model], [chats], [0])
    back = beside("operator.methodcaller")("backward")
    beside("builtins.list")(beside("builtins.map")(back, losses))
    equal(value(model.table.grad), torch.zeros(7, 7), say="the gradient")


def test_the_model_is_called_once_with_the_inputs(masked_loss, prop, randn):
    """One call takes the whole batch, in the mode that the model is in, with gradients."""
    chats = [([1, 2, 3, 4], [False, True, True, True]), ([5, 6], [False, True])]
    for training in (True, False):
        model = prop("TableModel", randn(7, 7))
        model.train(training)
        masked_loss(model, chats, 0)
        equal(model.calls, 1, say="the number of calls of the model")
        want = torch.tensor([[1, 2, 3], [5, 0, 0]])
        equal(value(model.seen)[0], want, say="what the model was called with")
        equal(model.modes, [(training, True)], say="training mode and gradients in the call")
        equal(model.training, training, say="model.training after the call")


def test_an_empty_batch_is_refused(batch_chats, masked_loss, prop, randn):
    """A batch without a conversation raises ValueError."""
    with pytest.raises(ValueError):
        batch_chats([], 0)
    with pytest.raises(ValueError):
        masked_loss(prop("TableModel", randn(7, 7)), [], 0)


def test_the_conversations_stay_as_they_were(batch_chats, masked_loss, prop, randn):
    """Neither function changes the lists that it is given."""
    chats = [([1, 2, 3, 4], [False, True, False, True]), ([5, 6], [False, True])]
    before = [(list(ids), list(learn)) for ids, learn in chats]
    for prompts in (False, True):
        batch_chats(chats, 0, prompts)
        equal(chats, before, say="the conversations after batch_chats")
        masked_loss(prop("TableModel", randn(7, 7)), chats, 0, prompts)
        equal(chats, before, say="the conversations after masked_loss")


def _draw(rng, count, longest, vocabulary):
    """Return random conversations of different lengths."""
    chats = []
    for _ in range(count):
        length = rng.randint(2, longest)
        ids = [rng.randrange(vocabulary) for _ in range(length)]
        chats.append((ids, [rng.random() < 0.5 for _ in range(length)]))
    return chats


def _by_loop(chats, pad, prompts):
    """Return inputs and targets, position by position."""
    width = max(len(ids) for ids, _ in chats) - 1
    inputs, targets = [], []
    for ids, learn in chats:
        last = len(ids) - 1
        inputs.append([ids[t] if t < last else pad for t in range(width)])
        targets.append(
            [ids[t + 1] if t < last and (prompts or learn[t + 1]) else -100 for t in range(width)]
        )
    return torch.tensor(inputs), torch.tensor(targets)
