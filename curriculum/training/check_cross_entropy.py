"""What is asked of cross_entropy."""

import math

import torch

from grader.engine.expect import close, equal
from grader.engine.side import gradients


def test_the_loss_is_one_number_in_the_dtype_of_the_logits(cross_entropy):
    """The loss is a tensor of shape () and of the logits' dtype; five equal logits cost log 5."""
    for dtype in (torch.float32, torch.float64):
        logits = torch.full((2, 3, 5), 2.0, dtype=dtype)
        got = cross_entropy(logits, torch.ones(2, 3, dtype=torch.int64))
        close(got, torch.tensor(math.log(5), dtype=dtype), say=f"logits of {dtype}")


def test_a_position_worked_by_hand(cross_entropy):
    """With logits log 1, log 2 and log 5, token 2 has probability 5/8 and costs -log(5/8)."""
    logits = torch.tensor([[math.log(1), math.log(2), math.log(5)]])
    close(cross_entropy(logits, torch.tensor([2])), torch.tensor(-math.log(5 / 8)))


def test_the_loss_follows_the_definition(cross_entropy, randn, randint):
    """For any leading shape the loss is the mean of -log p_t, taken one position at a time."""
    for shape in [(), (3,), (2, 3), (2, 3, 1)]:
        logits = randn(*shape, 5, dtype=torch.float64)
        targets = randint(0, 5, *shape)
        want = _by_loop(logits, targets)
        close(cross_entropy(logits, targets), want, say=f"targets of shape {shape}")


def test_a_constant_added_to_a_positions_logits_changes_nothing(cross_entropy, randn, randint):
    """Adding 3 to all logits of one position and -2 to those of another leaves the loss."""
    logits, targets = randn(2, 5), randint(0, 5, 2)
    moved = logits + torch.tensor([[3.0], [-2.0]])
    close(cross_entropy(moved, targets), cross_entropy(logits, targets))


def test_every_position_that_counts_weighs_the_same(cross_entropy, randn, randint):
    """The sum of the losses is divided by how many count, however the rows are padded."""
    logits, targets = randn(2, 5, 3, dtype=torch.float64), randint(0, 3, 2, 5)
    targets[0, 1:] = -100
    say = "row 0 has one position that counts and row 1 has five, so N is 6"
    close(cross_entropy(logits, targets), _by_loop(logits, targets), say=say)


def test_the_logits_of_an_ignored_position_change_nothing(cross_entropy, randn):
    """Other logits at a position with target -100 leave the loss as it was."""
    logits, targets = randn(3, 5), torch.tensor([4, -100, 0])
    changed = logits.clone()
    changed[1] = torch.tensor([50.0, 0.0, -50.0, 7.0, 1.0])
    close(cross_entropy(changed, targets), cross_entropy(logits, targets))
    close(cross_entropy(changed, targets), _by_loop(logits, targets))


def test_ignore_index_says_which_target_does_not_count(cross_entropy, randn):
    """With ignore_index=-1 or with token 2 ignored, positions with that target do not count."""
    logits = randn(5, 3)
    for ignored in (-1, 2):
        targets = torch.tensor([0, ignored, 1, ignored, 1])
        got = cross_entropy(logits, targets, ignore_index=ignored)
        want = _by_loop(logits[[0, 2, 4]], targets[[0, 2, 4]])
        close(got, want, say=f"ignore_index={ignored}")


def test_huge_logits_cost_what_the_rule_says(cross_entropy):
    """A target whose logit is 10,000 below the largest costs 10,000, not infinity or NaN."""
    far_below = cross_entropy(torch.tensor([[1e4, 0.0, -1e4]]), torch.tensor([1]))
    far_apart = cross_entropy(torch.tensor([[1e4, 1e4], [-1e4, -1e4]]), torch.tensor([0, 1]))
    close(far_below, torch.tensor(1e4), say="logits [10000, 0, -10000], target 1")
    # Near 10,000 the float32 numbers lie 0.001 apart, so log 2 + 10,000 - 10,000 is that rough.
    say = "two positions with two equal logits each"
    close(far_apart, torch.tensor(math.log(2)), atol=2e-3, say=say)


def test_nothing_that_counts_costs_nothing(cross_entropy, randn):
    """When every target is ignored the loss is 0, and so is its gradient."""
    logits, targets = randn(2, 3), torch.tensor([-100, -100])
    close(cross_entropy(logits, targets), torch.tensor(0.0))
    gradient = gradients(cross_entropy, logits, targets, upstream=torch.tensor(1.0))[0]
    close(gradient, torch.zeros(2, 3))


def test_the_inputs_stay_as_they_were(cross_entropy, randn):
    """Neither the logits nor the targets change."""
    logits, targets = randn(3, 5), torch.tensor([1, -100, 4])
    logits_before, targets_before = logits.clone(), targets.clone()
    cross_entropy(logits, targets)
    equal(logits, logits_before, say="the logits that went in have changed")
    equal(targets, targets_before, say="the targets that went in have changed")


def test_the_gradient_is_torchs(cross_entropy, randn, randint):
    """The gradient is that of torch's cross_entropy, and 0 at an ignored position."""
    logits, targets = randn(2, 3, 5, dtype=torch.float64), randint(0, 5, 2, 3)
    targets[0, 1] = -100
    upstream = torch.tensor(3.0, dtype=torch.float64)
    got = gradients(cross_entropy, logits, targets, upstream=upstream)[0]
    twin = logits.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(twin.reshape(-1, 5), targets.reshape(-1))
    (loss * upstream).backward()
    close(got, twin.grad)


def _by_loop(logits, targets):
    """The mean of -log p_t over the targets that are not -100, one position after the other."""
    losses = []
    for row, target in zip(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1), strict=True):
        if target != -100:
            weights = [math.exp(x) for x in row]
            losses.append(-math.log(weights[target] / sum(weights)))
    return torch.tensor(sum(losses) / len(losses), dtype=logits.dtype)
