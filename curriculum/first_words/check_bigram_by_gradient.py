"""The checks of bigrams by gradient."""

import math

import torch

from grader.checks import close, equal, formed, holds, shaped


def test_the_result_is_a_table_and_the_losses(fit, randint):
    """fit returns a tuple of float32 tensors: logits of shape (V, V), losses of shape (steps,)."""
    for size, steps in [(3, 2), (5, 1), (1, 3)]:
        name = f"fit with V={size}, steps={steps}"
        logits, losses = _fitted(fit, randint(0, size, 7), randint(0, size, 7), size, steps, 1.0)
        shaped(logits, (size, size), torch.float32, say=f"the logits of {name}")
        shaped(losses, (steps,), torch.float32, say=f"the losses of {name}")
    logits = _fitted(fit, torch.tensor([0, 1]), torch.tensor([1, 2]), 7, 1, 1.0)[0]
    shaped(logits, (7, 7), torch.float32, say="the logits for V=7, of which the pairs have three")


def test_without_a_step_all_logits_are_0(fit):
    """With steps=0 the logits are 0, and there are no losses."""
    logits, losses = _fitted(fit, torch.tensor([0, 1]), torch.tensor([1, 2]), 3, 0, 5.0)
    equal(logits, torch.zeros(3, 3), say="the logits without a step")
    shaped(losses, (0,), torch.float32, say="the losses without a step")


def test_the_first_loss_is_that_of_equal_choices(fit, randint):
    """With all logits 0 the V characters are equally probable, so the first loss is log V."""
    for size in (2, 5, 76):
        losses = _fitted(fit, randint(0, size, 13), randint(0, size, 13), size, 1, 0.5)[1]
        close(losses, torch.tensor([math.log(size)]), say=f"the loss of one step for V={size}")


def test_a_step_worked_by_hand(fit):
    """The pairs (0, 1) and (1, 1) with rate 4 raise column 1 to 1, and lower column 0 to -1."""
    first, second = torch.tensor([0, 1]), torch.tensor([1, 1])
    say = "one step: each gradient is -1/4 for column 1, 1/4 for column 0"
    close(_fitted(fit, first, second, 2, 1, 4.0)[0], torch.tensor([[-1.0, 1.0]] * 2), say=say)
    logits, losses = _fitted(fit, first, second, 2, 2, 4.0)
    p = math.exp(1) / (math.exp(1) + math.exp(-1))
    want = torch.tensor([math.log(2), -math.log(p)])
    close(losses, want, say="the losses: with equal logits, then with the logits -1 and 1")
    want = torch.tensor([[-1.0 - 2 * (1 - p), 1.0 + 2 * (1 - p)]] * 2)
    close(logits, want, say="two steps: the second uses the probabilities after the first")


def test_a_step_follows_autograd(fit, randint):
    """One step from zeros is minus rate times the gradient that PyTorch's autograd computes."""
    for size, pairs in [(3, 1), (5, 17), (11, 200)]:
        first, second = randint(0, size, pairs), randint(0, size, pairs)
        want = _by_autograd(first, second, size, 1, 3.0)[0]
        logits = _fitted(fit, first, second, size, 1, 3.0)[0]
        close(logits, want, say=f"{pairs} pairs of {size} characters, one step")


def test_many_steps_follow_autograd(fit, randint):
    """Each step uses the logits after the step before: 30 steps and losses follow autograd's."""
    first, second = randint(0, 5, 40), randint(0, 5, 40)
    want, want_losses = _by_autograd(first, second, 5, 30, 2.0)
    logits, losses = _fitted(fit, first, second, 5, 30, 2.0)
    close(logits, want, say="the logits after 30 steps")
    close(losses, want_losses, say="the losses before each of 30 steps")


def test_a_pair_counts_each_time_it_occurs(fit):
    """A pair that occurs three times weighs three times as much as one that occurs once."""
    first, second = torch.tensor([0, 0, 0, 0]), torch.tensor([1, 1, 1, 2])
    logits = _fitted(fit, first, second, 3, 1, 3.0)[0]
    want = torch.zeros(3, 3)
    want[0] = torch.tensor([0 - 1, 9 / 4 - 1, 3 / 4 - 1])
    say = "(0, 1) occurs three times and (0, 2) once: 3 (3/4 - 1/3) and 3 (1/4 - 1/3)"
    close(logits, want, say=say)


def test_the_gradient_is_a_mean_over_the_pairs(fit, randint):
    """Twice the same pairs give the same logits and losses as once."""
    first, second = randint(0, 5, 13), randint(0, 5, 13)
    logits, losses = _fitted(fit, first.repeat(2), second.repeat(2), 5, 3, 4.0)
    want, want_losses = _by_autograd(first, second, 5, 3, 4.0)
    close(logits, want, say="the logits of 13 pairs, each of them twice, are those of once")
    close(losses, want_losses, say="the losses of 13 pairs, each of them twice, are those of once")


def test_many_pairs_have_finite_losses(fit, randint):
    """2,000 pairs of three characters have the losses and logits of the rule."""
    first, second = randint(0, 3, 2000), randint(0, 3, 2000)
    want, want_losses = _by_autograd(first, second, 3, 3, 2.0)
    logits, losses = _fitted(fit, first, second, 3, 3, 2.0)
    close(losses, want_losses, say="the losses of 2,000 pairs")
    close(logits, want, say="the logits for 2,000 pairs")


def test_a_row_that_no_pair_begins_with_stays_0(fit, randint):
    """The rows of characters that are not in first stay exactly 0."""
    first, second = torch.tensor([1, 3])[randint(0, 2, 20)], randint(0, 5, 20)
    logits = _fitted(fit, first, second, 5, 10, 3.0)[0]
    shaped(logits, (5, 5), torch.float32, say="the logits for V=5")
    for row in (0, 2, 4):
        equal(logits[row], torch.zeros(5), say=f"row {row}; only 1 and 3 begin a pair")


def test_training_finds_the_counted_table(fit, randint, rng):
    """After 200 steps the loss is within 0.02 nats of the loss of the counted table."""
    table = torch.tensor([[rng.random() ** 3 + 0.01 for _ in range(5)] for _ in range(5)])
    first = randint(0, 5, 300)
    second = torch.tensor([rng.choices(range(5), table[i].tolist())[0] for i in first])
    counts = torch.zeros(5, 5, dtype=torch.float64)
    counts.index_put_((first, second), torch.ones(300, dtype=torch.float64), accumulate=True)
    share = counts / counts.sum(dim=1, keepdim=True).clamp(min=1)
    best = -share[first, second].log().mean().item()
    logits, losses = _fitted(fit, first, second, 5, 200, 12.0)
    shaped(logits, (5, 5), torch.float32, say="the logits for V=5")
    loss = -torch.log_softmax(logits.double(), dim=1)[first, second].mean().item()
    say = f"after 200 steps the loss is at most 0.02 above {best:.4f}, that of the counted table"
    holds(best - 1e-6 < loss < best + 0.02, say, want=f"about {best:.4f}", got=f"{loss:.4f}")
    shaped(losses, (200,), torch.float32, say="the losses of 200 steps")
    say = "the loss before the last step is almost that after it"
    close(losses[-1], torch.tensor(loss), atol=1e-3, say=say)


def test_views_of_one_text_are_pairs_too(fit, randint):
    """Pairs may be views: all but the last number of a text, and every second one of a tensor."""
    ids = randint(0, 5, 30)
    logits = _fitted(fit, ids[:-1], ids[1:], 5, 3, 2.0)[0]
    close(
        logits,
        _by_autograd(ids[:-1], ids[1:], 5, 3, 2.0)[0],
        say="first is ids[:-1], second ids[1:]",
    )
    pairs = ids.reshape(15, 2)
    logits = _fitted(fit, pairs[:, 0], pairs[:, 1], 5, 3, 2.0)[0]
    want = _by_autograd(pairs[:, 0], pairs[:, 1], 5, 3, 2.0)[0]
    close(logits, want, say="the columns of a tensor of shape (15, 2)")


def test_each_call_begins_with_zeros(fit, randint):
    """A second call begins anew, and gives the same as the first; the pairs are not changed."""
    first, second = randint(0, 3, 11), randint(0, 3, 11)
    before = first.clone(), second.clone()
    want = _by_autograd(first, second, 3, 4, 2.0)[0]
    for say in ("the first call", "a second call"):
        close(_fitted(fit, first, second, 3, 4, 2.0)[0], want, say=say)
    equal(first, before[0], say="the call changed first")
    equal(second, before[1], say="the call changed second")


def _fitted(fit, first, second, V, steps, rate):
    """Return both parts of the result, after checking that it is a tuple of two."""
    got = fit(first, second, V, steps, rate)
    formed(got, "tuple of 2", "fit(...)")
    return got


def _by_autograd(first, second, V, steps, rate):
    """Return logits and losses of gradient descent whose gradients PyTorch computes."""
    logits = torch.zeros(V, V, dtype=torch.float64, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(logits[first], second)
        losses.append(loss.item())
        (gradient,) = torch.autograd.grad(loss, logits)
        logits = (logits - rate * gradient).detach().requires_grad_()
    return logits.detach().float(), torch.tensor(losses)
