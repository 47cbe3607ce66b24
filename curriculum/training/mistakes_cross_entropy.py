"""What goes wrong with cross_entropy."""

import torch

from grader.course import caught_by


@caught_by("test_huge_logits_cost_what_the_rule_says")
def log_of_softmax():
    """the logarithm of a finished softmax, whose small probabilities have become 0"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets != ignore_index
        rows, tokens = logits[counts], targets[counts]
        weights = (rows - rows.amax(dim=-1, keepdim=True)).exp()
        probabilities = weights / weights.sum(dim=-1, keepdim=True)
        losses = -probabilities.gather(-1, tokens[:, None]).log()
        return losses.sum() / max(len(tokens), 1)


@caught_by("test_huge_logits_cost_what_the_rule_says")
def epsilon_in_the_log():
    """a small number added before the logarithm, so that no loss can pass about 20"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets != ignore_index
        rows, tokens = logits[counts], targets[counts]
        weights = (rows - rows.amax(dim=-1, keepdim=True)).exp()
        probabilities = weights / weights.sum(dim=-1, keepdim=True)
        losses = -(probabilities.gather(-1, tokens[:, None]) + 1e-9).log()
        return losses.sum() / max(len(tokens), 1)


@caught_by("test_huge_logits_cost_what_the_rule_says")
def no_shift():
    """the logarithm of the sum of exponentials without the shift: exp overflows"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets != ignore_index
        rows, tokens = logits[counts], targets[counts]
        losses = rows.exp().sum(dim=-1).log() - rows.gather(-1, tokens[:, None]).squeeze(-1)
        return losses.sum() / max(len(tokens), 1)


@caught_by("test_huge_logits_cost_what_the_rule_says")
def one_maximum_for_all():
    """logits shifted by the largest of the whole batch, not of each position"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets != ignore_index
        rows, tokens = logits[counts], targets[counts]
        shifted = rows - logits.max()
        losses = shifted.exp().sum(dim=-1).log() - shifted.gather(-1, tokens[:, None]).squeeze(-1)
        return losses.sum() / max(len(tokens), 1)


@caught_by("test_a_constant_added_to_a_positions_logits_changes_nothing")
def logits_as_log_probabilities():
    """minus the target's logit, as if the logits were log-probabilities already"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets != ignore_index
        rows, tokens = logits[counts], targets[counts]
        return -rows.gather(-1, tokens[:, None]).sum() / max(len(tokens), 1)


@caught_by("test_a_position_worked_by_hand")
def softmax_twice():
    """softmax taken twice: probabilities treated as logits"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets != ignore_index
        rows, tokens = torch.softmax(logits[counts], dim=-1), targets[counts]
        losses = rows.exp().sum(dim=-1).log() - rows.gather(-1, tokens[:, None]).squeeze(-1)
        return losses.sum() / max(len(tokens), 1)


@caught_by("test_the_loss_is_one_number_in_the_dtype_of_the_logits")
def bits():
    """the loss in bits (logarithm to base 2) in place of nats"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets != ignore_index
        rows, tokens = logits[counts], targets[counts]
        shifted = rows - rows.amax(dim=-1, keepdim=True)
        losses = shifted.exp().sum(dim=-1).log() - shifted.gather(-1, tokens[:, None]).squeeze(-1)
        return losses.sum() / max(len(tokens), 1) / torch.log(torch.tensor(2.0))


@caught_by("test_the_loss_follows_the_definition")
def sum_in_place_of_mean():
    """the sum of the losses, not divided by how many count"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets != ignore_index
        rows, tokens = logits[counts], targets[counts]
        shifted = rows - rows.amax(dim=-1, keepdim=True)
        losses = shifted.exp().sum(dim=-1).log() - shifted.gather(-1, tokens[:, None]).squeeze(-1)
        return losses.sum()


@caught_by("test_every_position_that_counts_weighs_the_same")
def ignored_ones_in_the_denominator():
    """the sum of the losses divided by all positions, the ignored ones too"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets != ignore_index
        rows, tokens = logits[counts], targets[counts]
        shifted = rows - rows.amax(dim=-1, keepdim=True)
        losses = shifted.exp().sum(dim=-1).log() - shifted.gather(-1, tokens[:, None]).squeeze(-1)
        return losses.sum() / targets.numel()


@caught_by("test_every_position_that_counts_weighs_the_same")
def mean_of_row_means():
    """the mean of each row's mean, so that a short row weighs as much as a long one"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets != ignore_index
        tokens = torch.where(counts, targets, 0)
        shifted = logits - logits.amax(dim=-1, keepdim=True)
        picked = shifted.gather(-1, tokens[..., None]).squeeze(-1)
        losses = torch.where(counts, shifted.exp().sum(dim=-1).log() - picked, 0)
        return (losses.sum(dim=-1) / counts.sum(dim=-1).clamp(min=1)).mean()


@caught_by("test_the_logits_of_an_ignored_position_change_nothing")
def ignored_counted_as_token_zero():
    """ignored targets set to token 0 and then counted like the rest"""

    def cross_entropy(logits, targets, ignore_index=-100):
        tokens = torch.where(targets == ignore_index, 0, targets)
        shifted = logits - logits.amax(dim=-1, keepdim=True)
        picked = shifted.gather(-1, tokens[..., None]).squeeze(-1)
        return (shifted.exp().sum(dim=-1).log() - picked).mean()


@caught_by("test_ignore_index_says_which_target_does_not_count")
def minus_hundred_always():
    """the target -100 ignored, whatever ignore_index says"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets != -100
        rows, tokens = logits[counts], targets[counts]
        shifted = rows - rows.amax(dim=-1, keepdim=True)
        losses = shifted.exp().sum(dim=-1).log() - shifted.gather(-1, tokens[:, None]).squeeze(-1)
        return losses.sum() / max(len(tokens), 1)


@caught_by("test_ignore_index_says_which_target_does_not_count")
def every_negative_target():
    """every negative target ignored, and no token of the vocabulary ever"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets >= 0
        rows, tokens = logits[counts], targets[counts]
        shifted = rows - rows.amax(dim=-1, keepdim=True)
        losses = shifted.exp().sum(dim=-1).log() - shifted.gather(-1, tokens[:, None]).squeeze(-1)
        return losses.sum() / max(len(tokens), 1)


@caught_by("test_ignore_index_says_which_target_does_not_count")
def ignored_token_out_of_the_sum():
    """the ignored token struck from the vocabulary too, so that no softmax sums over it"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets != ignore_index
        rows, tokens = logits[counts], targets[counts]
        shifted = rows - rows.amax(dim=-1, keepdim=True)
        stays = torch.arange(rows.shape[-1]) != ignore_index
        log_total = shifted[:, stays].exp().sum(dim=-1).log()
        losses = log_total - shifted.gather(-1, tokens[:, None]).squeeze(-1)
        return losses.sum() / max(len(tokens), 1)


@caught_by("test_the_loss_follows_the_definition")
def shifted_inside():
    """targets moved by one inside the loss, though they are next tokens already"""

    def cross_entropy(logits, targets, ignore_index=-100):
        logits, targets = logits[..., :-1, :], targets[..., 1:]
        counts = targets != ignore_index
        rows, tokens = logits[counts], targets[counts]
        shifted = rows - rows.amax(dim=-1, keepdim=True)
        losses = shifted.exp().sum(dim=-1).log() - shifted.gather(-1, tokens[:, None]).squeeze(-1)
        return losses.sum() / max(len(tokens), 1)


@caught_by("test_nothing_that_counts_costs_nothing")
def mean_of_nothing():
    """the mean of no losses at all, which is NaN, when every target is ignored"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets != ignore_index
        rows, tokens = logits[counts], targets[counts]
        shifted = rows - rows.amax(dim=-1, keepdim=True)
        losses = shifted.exp().sum(dim=-1).log() - shifted.gather(-1, tokens[:, None]).squeeze(-1)
        return losses.mean()


@caught_by("test_nothing_that_counts_costs_nothing")
def zero_out_of_nowhere():
    """a fresh zero, cut off from the logits, when every target is ignored"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets != ignore_index
        rows, tokens = logits[counts], targets[counts]
        if len(tokens) == 0:
            return torch.tensor(0.0, dtype=logits.dtype)
        shifted = rows - rows.amax(dim=-1, keepdim=True)
        losses = shifted.exp().sum(dim=-1).log() - shifted.gather(-1, tokens[:, None]).squeeze(-1)
        return losses.mean()


@caught_by("test_the_inputs_stay_as_they_were")
def targets_changed_in_place():
    """the caller's ignored targets overwritten with 0, so that a second call counts them"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets != ignore_index
        targets[~counts] = 0
        shifted = logits - logits.amax(dim=-1, keepdim=True)
        picked = shifted.gather(-1, targets[..., None]).squeeze(-1)
        losses = (shifted.exp().sum(dim=-1).log() - picked) * counts
        return losses.sum() / counts.sum().clamp(min=1)


@caught_by("test_the_gradient_is_torchs")
def total_without_gradient():
    """the sum of exponentials detached, so that no logit is ever pushed down"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets != ignore_index
        rows, tokens = logits[counts], targets[counts]
        shifted = rows - rows.amax(dim=-1, keepdim=True).detach()
        log_total = shifted.exp().sum(dim=-1).log().detach()
        losses = log_total - shifted.gather(-1, tokens[:, None]).squeeze(-1)
        return losses.sum() / max(len(tokens), 1)


@caught_by("test_the_loss_is_one_number_in_the_dtype_of_the_logits")
def number_of_python():
    """a number of Python's own (.item()), from which no gradient can flow"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets != ignore_index
        rows, tokens = logits[counts], targets[counts]
        shifted = rows - rows.amax(dim=-1, keepdim=True)
        losses = shifted.exp().sum(dim=-1).log() - shifted.gather(-1, tokens[:, None]).squeeze(-1)
        return (losses.sum() / max(len(tokens), 1)).item()


@caught_by("test_a_position_worked_by_hand")
def minus_forgotten():
    """the logarithm without its minus, so that a better guess has the higher loss"""

    def cross_entropy(logits, targets, ignore_index=-100):
        counts = targets != ignore_index
        rows, tokens = logits[counts], targets[counts]
        shifted = rows - rows.amax(dim=-1, keepdim=True)
        losses = shifted.exp().sum(dim=-1).log() - shifted.gather(-1, tokens[:, None]).squeeze(-1)
        return -losses.sum() / max(len(tokens), 1)


@caught_by("test_the_logits_of_an_ignored_position_change_nothing")
def nothing_ignored():
    """every target looked up, also one that is to be ignored"""

    def cross_entropy(logits, targets, ignore_index=-100):
        shifted = logits - logits.amax(dim=-1, keepdim=True)
        picked = shifted.gather(-1, targets[..., None]).squeeze(-1)
        return (shifted.exp().sum(dim=-1).log() - picked).mean()
