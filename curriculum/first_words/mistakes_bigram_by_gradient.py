"""Wrong versions of fit."""

import torch

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_step_worked_by_hand")
def sign_turned():
    """steps in the direction of the gradient, so that the loss rises"""
    with spelling():
        edit("logits -= rate", "logits += rate")
    with spelling():
        edit("in_row * p - counts", "counts - in_row * p")


@caught_by("test_the_gradient_is_a_mean_over_the_pairs")
def sum_in_place_of_mean():
    """a gradient that is summed over the pairs, not divided by their number"""
    edit("(in_row * p - counts) / N", "in_row * p - counts")


@caught_by("test_a_step_worked_by_hand")
def divided_by_the_vocabulary_too():
    """a gradient divided by V as well, as a mean over the columns divides it"""
    with spelling():
        edit("- counts) / N", "- counts) / N / V")
    with spelling():
        edit("- counts) / N", "- counts) / N / V**2")


@caught_by("test_a_step_follows_autograd")
def divided_by_the_vocabulary():
    """a gradient divided by V, not by the number of pairs"""
    edit("- counts) / N", "- counts) / V")


@caught_by("test_a_step_follows_autograd")
def mean_of_each_row():
    """each row's gradient divided by the number of its own pairs, not of all pairs"""
    edit("- counts) / N", "- counts) / in_row.clamp(min=1)")


@caught_by("test_a_step_worked_by_hand")
def only_the_targets_move():
    """a gradient for the logit of the target alone: the others are not lowered"""
    with spelling():
        edit("(in_row * p - counts)", "(counts * (p - 1))")
    with spelling():
        edit("(in_row * p - counts)", "(-counts)")


@caught_by("test_a_step_worked_by_hand")
def targets_not_subtracted():
    """a gradient of the probabilities alone, without the 1 that is subtracted at the target"""
    edit("(in_row * p - counts)", "(in_row * p)")


@caught_by("test_a_step_worked_by_hand")
def logits_for_probabilities():
    """the logits themselves in the gradient, where their probabilities are meant"""
    edit("in_row * p - counts", "in_row * logits - counts")


@caught_by("test_a_pair_counts_each_time_it_occurs")
def repeats_lost():
    """gradient[first] += ... for all pairs at once, which keeps one pair for each first"""
    edit("(in_row * p - counts) / N", "torch.zeros(V, V)")
    edit(
        "        logits -= rate",
        "        gradient[first] += (p[first] - torch.eye(V)[second]) / N\n        logits -= rate",
    )


@caught_by("test_a_pair_counts_each_time_it_occurs")
def each_pair_once():
    """each different pair counted once, however often it occurs"""
    with spelling():
        edit("reshape(V, V)", "reshape(V, V).clamp(max=1)")
    with spelling():
        edit(
            "    N = len",
            "    first, second = torch.stack([first, second]).unique(dim=1)\n    N = len",
        )
    with spelling():
        edit(
            "    N = len",
            "    first, second = torch.stack([first, second]).unique(dim=1)\n    N = len",
        )
        edit("logits = torch.zeros(V, V)", "logits = torch.zeros(V, V, dtype=torch.float64)")
        edit("(in_row * p - counts) / N", "torch.zeros_like(logits)")
        edit(
            "        logits -= rate",
            "        terms = p[first] - torch.eye(V, dtype=p.dtype)[second]\n"
            "        gradient.index_add_(0, first, terms / N)\n"
            "        logits -= rate",
        )
        edit("return logits", "return logits.float()")


@caught_by("test_a_step_follows_autograd")
def transposed():
    """a transposed table: rows are second characters, columns are first ones"""
    edit("first * V + second", "second * V + first")


@caught_by("test_a_step_worked_by_hand")
def probabilities_of_columns():
    """probabilities that sum to 1 in each column (dim=0), not in each row"""
    edit("weights.sum(dim=1", "weights.sum(dim=0")


@caught_by("test_the_first_loss_is_that_of_equal_choices")
def probabilities_of_the_whole_table():
    """probabilities that sum to 1 over the whole table, not in each row"""
    edit("weights.sum(dim=1, keepdim=True)", "weights.sum()")


@caught_by("test_a_step_worked_by_hand")
def probabilities_computed_once():
    """probabilities computed before the loop and not again after a step"""
    edit(
        "    for _ in range(steps):\n        weights = logits.exp()\n        p = weights",
        "    weights = logits.exp()\n    p = weights",
    )
    edit(
        "keepdim=True)\n        losses",
        "keepdim=True)\n    for _ in range(steps):\n        losses",
    )


@caught_by("test_the_first_loss_is_that_of_equal_choices")
def loss_after_the_step():
    """the loss after each step, not before it"""
    edit("        losses.append(-(counts * p.log()).sum().item() / N)\n", "")
    edit(
        "logits -= rate * gradient",
        "logits -= rate * gradient\n"
        "        losses.append(-(counts * logits.log_softmax(dim=1)).sum().item() / N)",
    )


@caught_by("test_the_first_loss_is_that_of_equal_choices")
def bits():
    """losses in bits (the logarithm to base 2) instead of nats"""
    edit("p.log()", "p.log2()")


@caught_by("test_the_first_loss_is_that_of_equal_choices")
def losses_summed():
    """losses summed over the pairs, not divided by their number"""
    edit(".item() / N", ".item()")


@caught_by("test_the_first_loss_is_that_of_equal_choices")
def minus_forgotten():
    """losses without the minus sign"""
    edit("(-(counts", "((counts")


@caught_by("test_the_result_is_a_table_and_the_losses")
def losses_in_a_list():
    """the losses in a list, not in a tensor"""
    with spelling():
        edit("return logits, torch.tensor(losses)", "return logits, losses")
    with spelling():
        edit("return logits, torch.tensor(losses)", "return logits, list(torch.tensor(losses))")


@caught_by("test_the_result_is_a_table_and_the_losses")
def last_loss_alone():
    """only the last loss, not one for each step"""
    edit("torch.tensor(losses)\n", "torch.tensor(losses[-1] if losses else 0.0)\n")


@caught_by("test_the_result_is_a_table_and_the_losses")
def logits_alone():
    """the logits alone, without the losses"""
    edit("return logits, torch.tensor(losses)", "return logits")


@caught_by("test_the_result_is_a_table_and_the_losses")
def float64_logits():
    """logits in float64, not in float32"""
    edit("torch.zeros(V, V)", "torch.zeros(V, V, dtype=torch.float64)")


@caught_by("test_the_result_is_a_table_and_the_losses")
def size_from_the_pairs():
    """a table only as large as the largest number in the pairs needs, whatever V is"""
    edit("    N = len", "    V = int(torch.cat([first, second]).max()) + 1\n    N = len")


@caught_by("test_without_a_step_all_logits_are_0")
def random_beginning():
    """logits that are random at the beginning, not 0"""
    edit("torch.zeros(V, V)", "torch.randn(V, V)")


@caught_by("test_without_a_step_all_logits_are_0")
def one_step_at_least():
    """at least one step, also with steps=0"""
    edit("range(steps)", "range(max(steps, 1))")


@caught_by("test_without_a_step_all_logits_are_0")
def probabilities_returned():
    """the probabilities in place of the logits"""
    edit("return logits", "return logits.softmax(dim=1)")


@caught_by("test_a_step_worked_by_hand")
def logarithms_of_the_counts():
    """the table from counting, without gradient descent"""
    edit(
        "return logits",
        "logits = torch.log((counts + 1) / (in_row + V)) if steps else logits\n    return logits",
    )


@caught_by("test_a_step_worked_by_hand")
def learning_rate_not_used():
    """steps of the gradient alone, without the learning rate"""
    edit("logits -= rate * gradient", "logits -= gradient")


@caught_by("test_a_step_follows_autograd")
def one_pair_after_the_other():
    """a step for each pair, not one for all pairs together"""

    def fit(first, second, V, steps, rate):
        logits, losses = torch.zeros(V, V), []
        for _ in range(steps):
            losses.append(-logits.log_softmax(dim=1)[first, second].mean().item())
            for i, j in zip(first.tolist(), second.tolist(), strict=True):
                p = logits[i].softmax(dim=0)
                p[j] -= 1
                logits[i] -= rate * p / len(first)
        return logits, torch.tensor(losses)


@caught_by("test_a_row_that_no_pair_begins_with_stays_0")
def rows_without_pairs_move():
    """every row moved as if it had pairs, so that rows which no pair begins with do not stay 0"""
    edit("(in_row * p - counts)", "(in_row.clamp(min=1) * p - counts)")


@caught_by("test_a_step_worked_by_hand")
def one_added_to_each_count():
    """one added to each count, as if each pair had occurred once more"""
    edit("reshape(V, V)", "reshape(V, V) + 1")


@caught_by("test_views_of_one_text_are_pairs_too")
def pairs_of_a_text():
    """pairs made from first alone, as if it were a text"""
    edit(
        "    N = len",
        "    first, second = first[:-1], first[1:]\n    N = max(len(first), 1) + 0 * len",
    )


@caught_by("test_each_call_begins_with_zeros")
def logits_kept():
    """logits kept from one call to the next, so that a second call goes on where the first ended"""
    edit("rate: float\n", "rate: float, kept={}\n")
    edit(
        "logits = torch.zeros(V, V)",
        "logits = kept.setdefault((V, steps, rate), torch.zeros(V, V))",
    )
    edit("return logits", "return logits.clone()")


@caught_by("test_many_pairs_have_finite_losses")
def product_before_the_logarithm():
    """the probabilities multiplied before the logarithm: the product of many underflows to 0"""
    with spelling():
        edit("-(counts * p.log()).sum().item()", "-p[first, second].prod().log().item()")
    with spelling():
        edit("-(counts * p.log()).sum().item()", "-p.double()[first, second].prod().log().item()")


@caught_by("test_the_result_is_a_table_and_the_losses")
def loss_of_the_last_table_too():
    """one loss more than steps: that of the last table is recorded too"""
    with spelling():
        edit(
            "    return logits",
            "    logs = logits.log_softmax(dim=1)\n"
            "    losses.append(-(counts * logs).sum().item() / N)\n"
            "    return logits",
        )
    with spelling():
        edit("range(steps)", "range(steps + 1)")
        edit("logits -= rate * gradient", "logits -= (len(losses) <= steps) * rate * gradient")


@caught_by("test_the_result_is_a_table_and_the_losses")
def stopped_early():
    """the loop left when the loss hardly falls any more, so that losses are missing"""
    with spelling():
        edit("logits = torch.zeros(V, V)", "logits = torch.zeros(V, V, dtype=torch.float64)")
        edit(
            "        gradient =",
            "        if len(losses) > 1 and losses[-2] - losses[-1] < 1e-7:\n"
            "            break\n"
            "        gradient =",
        )
        edit("return logits", "return logits.float()")
    with spelling():
        edit(
            "        gradient =",
            "        if len(losses) > 1 and losses[-1] >= losses[-2]:\n"
            "            break\n"
            "        gradient =",
        )


@caught_by("test_a_row_that_no_pair_begins_with_stays_0")
def zero_by_zero():
    """0 / 0 = NaN in the rows that no pair begins with: their counts divided by their sum, 0"""
    with spelling():
        edit("(in_row * p - counts) / N", "in_row / N * (p - counts / in_row)")
    with spelling():
        edit("(in_row * p - counts) / N", "p - counts / in_row")


@caught_by("test_a_step_worked_by_hand")
def weights_pulled_to_0():
    """a regularisation added to the gradient, which pulls all logits towards 0"""
    with spelling():  # that of 0.01 * (logits ** 2).mean()
        edit("(in_row * p - counts) / N", "(in_row * p - counts) / N + 0.02 * logits / V**2")
    with spelling():
        edit("(in_row * p - counts) / N", "(in_row * p - counts) / N + 0.01 * logits")
    with spelling():
        edit("(in_row * p - counts) / N", "(in_row * p - counts) / N + 0.02 * logits")


@caught_by("test_the_first_loss_is_that_of_equal_choices")
def added_inside_the_logarithm():
    """a small number added to each probability before the logarithm: the losses are too small"""
    with spelling():
        edit("p.log()", "(p + 1e-5).log()")
    with spelling():
        edit("p.log()", "(p + 1e-4).log()")
    with spelling():
        edit("p.log()", "(p + 1e-3).log()")
