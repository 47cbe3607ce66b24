"""Wrong versions of cross_entropy."""

import torch

from grader.checks import caught_by, edit, spelling


@caught_by("test_huge_logits_cost_what_the_rule_says")
def log_of_softmax():
    """the logarithm of softmax, whose small probabilities underflow to 0"""
    edit(
        "log_sum - shifted.gather(-1, tokens[:, None]).squeeze(-1)",
        "-torch.softmax(shifted, dim=-1).gather(-1, tokens[:, None]).log()",
    )


@caught_by("test_huge_logits_cost_what_the_rule_says")
def epsilon_in_the_log():
    """a small constant added inside the logarithm, so that no loss exceeds 20.7"""
    edit(
        "log_sum - shifted.gather(-1, tokens[:, None]).squeeze(-1)",
        "-(torch.softmax(shifted, dim=-1).gather(-1, tokens[:, None]) + 1e-9).log()",
    )


@caught_by("test_huge_logits_cost_what_the_rule_says")
def no_shift():
    """the logarithm of a sum of exponentials without subtracting the maximum: exp overflows"""
    edit("rows - rows.amax(dim=-1, keepdim=True)", "rows")


@caught_by("test_huge_logits_cost_what_the_rule_says")
def one_maximum_for_all():
    """the maximum of the whole batch subtracted instead of each position's own"""
    with spelling():
        edit("rows.amax(dim=-1, keepdim=True)", "logits.max()")
    with spelling():
        edit("rows.amax(dim=-1, keepdim=True)", "(rows.max() if len(rows) else 0.0)")


@caught_by("test_a_constant_added_to_a_positions_logits_changes_nothing")
def logits_as_log_probabilities():
    """minus the target's logit: logits taken for log-probabilities"""
    edit("log_sum - shifted", "-rows")


@caught_by("test_a_position_worked_by_hand")
def softmax_twice():
    """softmax applied twice: probabilities taken for logits"""
    edit("logits[kept]", "torch.softmax(logits[kept], dim=-1)")


@caught_by("test_the_loss_is_one_number_in_the_dtype_of_the_logits")
def bits():
    """the loss in bits (the logarithm to base 2) instead of nats"""
    edit("(len(tokens), 1)", "(len(tokens), 1) / torch.log(torch.tensor(2.0))")


@caught_by("test_the_loss_follows_the_definition")
def sum_in_place_of_mean():
    """the sum of the losses, not divided by N"""
    edit(" / max(len(tokens), 1)", "")


@caught_by("test_every_position_that_counts_weighs_the_same")
def ignored_ones_in_the_denominator():
    """the sum of the losses divided by the number of all positions, ignored ones included"""
    edit("max(len(tokens), 1)", "targets.numel()")


@caught_by("test_every_position_that_counts_weighs_the_same")
def mean_of_row_means():
    """the mean of each row's mean, so that a token in a short row has more weight"""

    def cross_entropy(logits, targets, ignore_index=-100):
        kept = targets != ignore_index
        tokens = torch.where(kept, targets, 0)
        shifted = logits - logits.amax(dim=-1, keepdim=True)
        picked = shifted.gather(-1, tokens[..., None]).squeeze(-1)
        losses = torch.where(kept, shifted.exp().sum(dim=-1).log() - picked, 0)
        rows = losses.sum(dim=-1) / kept.sum(dim=-1).clamp(min=1)
        return rows.sum() / kept.any(dim=-1).sum().clamp(min=1)


@caught_by("test_the_logits_of_an_ignored_position_change_nothing")
def ignored_counted_as_token_zero():
    """ignored targets replaced by token 0 and counted like the others"""
    edit(
        "kept = targets != ignore_index",
        "targets = targets.where(targets != ignore_index, 0)\n"
        "    kept = torch.ones_like(targets, dtype=torch.bool)",
    )


@caught_by("test_ignore_index_says_which_target_does_not_count")
def minus_hundred_always():
    """the target -100 ignored, whatever ignore_index was given"""
    edit("!= ignore_index", "!= -100")


@caught_by("test_ignore_index_says_which_target_does_not_count")
def every_negative_target():
    """every negative target ignored, whatever ignore_index was given"""
    edit("!= ignore_index", ">= 0")


@caught_by("test_ignore_index_says_which_target_does_not_count")
def every_target_outside_the_vocabulary():
    """every target outside the vocabulary ignored, and no target inside it"""
    edit("targets != ignore_index", "(targets >= 0) & (targets < logits.shape[-1])")


@caught_by("test_the_layout_in_memory_does_not_matter")
def flattened_with_view():
    """logits flattened with view, which fails for a transposed tensor"""
    edit(
        "kept = targets",
        "logits = logits.view(-1, logits.shape[-1])\n"
        "    targets = targets.reshape(-1)\n    kept = targets",
    )


@caught_by("test_huge_logits_cost_what_the_rule_says")
def nan_to_num():
    """infinite losses replaced by the dtype's largest number (nan_to_num)"""
    edit(
        "log_sum - shifted.gather(-1, tokens[:, None]).squeeze(-1)",
        "torch.nan_to_num(-torch.softmax(shifted, -1).gather(-1, tokens[:, None]).log())",
    )


@caught_by("test_the_loss_follows_the_definition")
def softmax_over_the_positions():
    """softmax over the positions (dim=0) instead of the vocabulary"""
    edit("amax(dim=-1", "amax(dim=0")
    edit("sum(dim=-1).log()", "sum(dim=0).log().expand(rows.shape)[:, 0]")


@caught_by("test_ignore_index_says_which_target_does_not_count")
def ignored_token_out_of_the_sum():
    """the token ignore_index left out of the denominator of softmax"""
    edit("  log_sum", "  stays = torch.arange(rows.shape[-1]) != ignore_index\n    log_sum")
    edit(".exp().sum", "[:, stays].exp().sum")


@caught_by("test_the_loss_follows_the_definition")
def shifted_inside():
    """targets shifted by one position inside the loss, though they are next tokens already"""
    edit(
        "kept = targets",
        "logits, targets = logits[..., :-1, :], targets[..., 1:]\n    kept = targets",
    )


@caught_by("test_nothing_that_counts_costs_nothing")
def mean_of_nothing():
    """the mean of no losses, which is NaN, if every target is ignored"""
    edit("sum() / max(len(tokens), 1)", "mean()")


@caught_by("test_nothing_that_counts_costs_nothing")
def zero_out_of_nowhere():
    """a new 0 without a gradient if every target is ignored"""
    edit(
        "losses = log_sum",
        "if len(tokens) == 0:\n        return torch.tensor(0.0, dtype=logits.dtype)\n"
        "    losses = log_sum",
    )


@caught_by("test_the_inputs_stay_as_they_were")
def targets_changed_in_place():
    """the caller's ignored targets overwritten with 0, so that a second call counts them"""
    edit("return losses", "targets[~kept] = 0\n    return losses")


@caught_by("test_the_gradient_is_torchs")
def total_without_gradient():
    """a denominator that is detached, so that only the target's logit gets a gradient"""
    edit("keepdim=True)", "keepdim=True).detach()")
    edit("-1).log()", "-1).log().detach()")


@caught_by("test_the_loss_is_one_number_in_the_dtype_of_the_logits")
def number_of_python():
    """a Python number (.item()) instead of a tensor"""
    edit("losses.sum() / max(len(tokens), 1)", "(losses.sum() / max(len(tokens), 1)).item()")


@caught_by("test_the_gradient_is_torchs")
def tensor_from_a_number():
    """a tensor created from a Python number, through which no gradient flows"""
    edit(
        "losses.sum() / max(len(tokens), 1)",
        "torch.tensor((losses.sum() / max(len(tokens), 1)).item(), dtype=logits.dtype)",
    )


@caught_by("test_a_position_worked_by_hand")
def minus_forgotten():
    """the mean log-probability without the minus sign: a better prediction has a higher loss"""
    edit("losses.sum", "-losses.sum")


@caught_by("test_the_logits_of_an_ignored_position_change_nothing")
def nothing_ignored():
    """no position ignored: every target is looked up"""
    edit("targets != ignore_index", "targets == targets")
