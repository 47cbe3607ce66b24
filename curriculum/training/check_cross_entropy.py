"""The checks of cross_entropy."""

import math

import torch

from grader.checks import close, equal, finite, gradients

FLOAT32 = {"atol": 1e-5, "rtol": 1e-4}
"""The accuracy of float32, which is enough for logits in float64 too."""


def test_the_loss_is_one_number_in_the_dtype_of_the_logits(cross_entropy):
    """The loss has shape () and the dtype of the logits; for five equal logits it is log 5."""
    for dtype in (torch.float32, torch.float64):
        logits = torch.full((2, 3, 5), 2.0, dtype=dtype)
        got = cross_entropy(logits, torch.ones(2, 3, dtype=torch.int64))
        close(got, torch.tensor(math.log(5), dtype=dtype), say=f"logits of {dtype}", **FLOAT32)


def test_a_position_worked_by_hand(cross_entropy):
    """With the logits log 1, log 2 and log 5, token 2 has the loss -log(5/8)."""
    logits = torch.tensor([[math.log(1), math.log(2), math.log(5)]])
    got = cross_entropy(logits, torch.tensor([2]))
    close(got, torch.tensor(-math.log(5 / 8)), say="the probability of token 2 is 5 / (1 + 2 + 5)")


def test_the_loss_follows_the_definition(cross_entropy, randn, randint):
    """The loss is the mean of -log p_t over all positions, for any leading dimensions."""
    for shape in [(), (3,), (2, 3), (2, 3, 1)]:
        logits = randn(*shape, 5, dtype=torch.float64)
        targets = randint(0, 5, *shape)
        want = _by_loop(logits, targets)
        close(cross_entropy(logits, targets), want, say=f"targets of shape {shape}", **FLOAT32)


def test_the_layout_in_memory_does_not_matter(cross_entropy, randn, randint):
    """Transposed and strided logits and targets have the loss of their contiguous copies."""
    logits, targets = randn(5, 7, 3), randint(0, 7, 5, 3)
    got = cross_entropy(logits.transpose(1, 2), targets)
    close(
        got, _by_loop(logits.transpose(1, 2), targets), say="logits of shape (B, V, T), transposed"
    )
    got = cross_entropy(logits.permute(2, 0, 1), targets.T)
    close(got, _by_loop(logits.permute(2, 0, 1), targets.T), say="logits and targets transposed")
    every_second = logits.transpose(1, 2)[::2]
    got = cross_entropy(every_second, targets[::2])
    close(got, _by_loop(every_second, targets[::2]), say="every second sequence")


def test_a_large_vocabulary_and_a_long_sequence(cross_entropy, randn, randint):
    """The loss is that of the definition for 5,003 tokens, for 2,503 positions, and for one."""
    for positions, vocabulary in [(3, 5003), (2503, 3), (3, 1)]:
        logits, targets = randn(positions, vocabulary), randint(0, vocabulary, positions)
        targets[0] = vocabulary - 1
        say = f"logits of shape ({positions}, {vocabulary})"
        close(cross_entropy(logits, targets), _by_loop(logits, targets), say=say, **FLOAT32)


def test_a_constant_added_to_a_positions_logits_changes_nothing(cross_entropy, randn, randint):
    """Adding 3 to all logits of one position and -2 to those of another changes no loss."""
    logits, targets = randn(2, 5), randint(0, 5, 2)
    moved = logits + torch.tensor([[3.0], [-2.0]])
    close(cross_entropy(moved, targets), cross_entropy(logits, targets))


def test_every_position_that_counts_weighs_the_same(cross_entropy, randn, randint):
    """The sum of the losses is divided by N, the number of positions that are not ignored."""
    logits, targets = randn(2, 5, 3, dtype=torch.float64), randint(0, 3, 2, 5)
    targets[0, 1:] = -100
    say = "one position of row 0 and all five of row 1 are not ignored, so N is 6"
    close(cross_entropy(logits, targets), _by_loop(logits, targets), say=say, **FLOAT32)


def test_the_logits_of_an_ignored_position_change_nothing(cross_entropy, randn):
    """The loss does not depend on the logits at a position with the target -100."""
    logits, targets = randn(3, 5), torch.tensor([4, -100, 0])
    changed = logits.clone()
    changed[1] = torch.tensor([1e4, 0.0, -1e4, 7.0, 1.0])
    say = "only the logits of position 1, whose target is -100, were changed"
    close(cross_entropy(changed, targets), cross_entropy(logits, targets), say=say)
    close(cross_entropy(changed, targets), _by_loop(logits, targets), say="the mean of two losses")


def test_ignore_index_says_which_target_does_not_count(cross_entropy, randn):
    """With ignore_index=-1, 1,000,000 or 2, the positions with that target are ignored."""
    logits = randn(5, 3)
    for ignored in (-1, 1_000_000, 2, 0):
        other = 0 if ignored else 2
        targets = torch.tensor([other, ignored, 1, ignored, 1])
        got = cross_entropy(logits, targets, ignore_index=ignored)
        want = _by_loop(logits[[0, 2, 4]], targets[[0, 2, 4]])
        close(got, want, say=f"ignore_index={ignored}")


def test_huge_logits_cost_what_the_rule_says(cross_entropy):
    """A target whose logit is 10,000 below the largest has the loss 10,000, not NaN or infinity."""
    logits, target = torch.tensor([[1e4, 0.0, -1e4]]), torch.tensor([1])
    far_below = cross_entropy(logits, target)
    far_apart = cross_entropy(torch.tensor([[1e4, 1e4], [-1e4, -1e4]]), torch.tensor([0, 1]))
    close(far_below, torch.tensor(1e4), say="logits [10000, 0, -10000], target 1")
    # Near 10,000 the float32 numbers lie 0.001 apart, so log 2 + 10,000 - 10,000 is that rough.
    say = "two positions with two equal logits each"
    close(far_apart, torch.tensor(math.log(2)), atol=2e-3, say=say)
    slope = gradients(cross_entropy, logits, target, upstream=torch.tensor(1.0))[0]
    finite(slope, say="the gradient")
    close(slope, torch.tensor([[1.0, -1.0, 0.0]]), say="the gradient")


def test_nothing_that_counts_costs_nothing(cross_entropy, randn):
    """If every target is ignored, the loss is 0 and so is its gradient."""
    logits, targets = randn(2, 3), torch.tensor([-100, -100])
    close(cross_entropy(logits, targets), torch.tensor(0.0))
    gradient = gradients(cross_entropy, logits, targets, upstream=torch.tensor(1.0))[0]
    close(gradient, torch.zeros(2, 3), say="the gradient")
    got = cross_entropy(logits.double(), torch.tensor([7, 7]), ignore_index=7)
    close(got, torch.tensor(0.0, dtype=torch.float64), say="two targets of 7, which are ignored")


def test_the_inputs_stay_as_they_were(cross_entropy, randn):
    """cross_entropy does not change the logits and the targets."""
    logits, targets = randn(3, 5), torch.tensor([1, -100, 4])
    logits_before, targets_before = logits.clone(), targets.clone()
    cross_entropy(logits, targets)
    equal(logits, logits_before, say="the call changed its logits; return a new tensor")
    equal(targets, targets_before, say="the call changed its targets")


def test_the_gradient_is_torchs(cross_entropy, randn, randint):
    """The gradient equals that of PyTorch's cross_entropy, and is 0 at an ignored position."""
    logits, targets = randn(2, 3, 5, dtype=torch.float64), randint(0, 5, 2, 3)
    targets[0, 1] = -100
    upstream = torch.tensor(3.0, dtype=torch.float64)
    got = gradients(cross_entropy, logits, targets, upstream=upstream)[0]
    twin = logits.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(twin.reshape(-1, 5), targets.reshape(-1))
    (loss * upstream).backward()
    close(got, twin.grad, **FLOAT32)
    equal(got[0, 1], torch.zeros(5, dtype=torch.float64), say="the gradient at [0, 1], ignored")


def _by_loop(logits, targets):
    """Return the mean of -log p_t over the targets that are not -100, one after the other."""
    losses = []
    for row, target in zip(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1), strict=True):
        if target != -100:
            weights = [math.exp(x) for x in row]
            losses.append(-math.log(weights[target] / sum(weights)))
    return torch.tensor(sum(losses) / len(losses), dtype=logits.dtype)
