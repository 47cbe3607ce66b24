"""Wrong versions of accumulate."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_gradients_worked_by_hand")
def mean_of_means():
    """each micro-batch's mean loss divided by the number of micro-batches (a mean of means)"""
    with spelling():
        edit("(count / total)", "(1 / len(batches))")
    with spelling():
        edit("(count / total)", "(1 / max(sum(one > 0 for one in counts), 1))")


@caught_by("test_gradients_worked_by_hand")
def sum_of_means():
    """the micro-batches' mean losses added up, without weights"""
    edit(" * (count / total)", "")


@caught_by("test_gradients_worked_by_hand")
def divided_twice():
    """the right weights, and a division by the number of micro-batches as well"""
    edit("(count / total)", "(count / total / len(batches))")


@caught_by("test_gradients_worked_by_hand")
def sum_of_losses():
    """the sum of the losses of all positions, not divided by N"""
    edit("(count / total)", "count")


@caught_by("test_gradients_worked_by_hand")
def ignored_positions_counted():
    """micro-batches weighted by all their positions, ignored ones included"""
    edit("int((targets != -100).sum())", "targets.numel()")


@caught_by("test_gradients_worked_by_hand")
def all_positions_in_the_sum():
    """the sum of all losses divided by the number of all positions, ignored ones included"""
    edit("max(sum(counts), 1)", "sum(targets.numel() for _, targets in batches)")


@caught_by("test_gradients_worked_by_hand")
def gradient_of_the_sum():
    """backward() called on the sum of the losses, though the loss returned is divided by N"""
    edit("(count / total)", "count")
    edit("whole += loss.item()", "whole += loss.item() / total")


@caught_by("test_gradients_worked_by_hand")
def divided_in_each_round():
    """the sum in grad divided by N after each micro-batch, and not once"""
    edit("(count / total)", "count")
    edit(
        "whole += loss.item()",
        "whole += loss.item() / total\n        for parameter in model.parameters():\n"
        "            if parameter.grad is not None:\n                parameter.grad /= total",
    )


@caught_by("test_every_way_to_cut_a_batch_gives_the_same")
def sequences_counted():
    """micro-batches weighted by their numbers of sequences"""
    edit("int((targets != -100).sum())", "len(targets)")


@caught_by("test_gradients_worked_by_hand")
def count_of_the_micro_batch():
    """the sum of a micro-batch's losses divided by its number of all positions, then averaged"""
    edit("(count / total)", "(count / targets.numel() / len(batches))")


@caught_by("test_gradients_worked_by_hand")
def count_so_far():
    """the loss divided by the number of positions counted so far, not by N"""
    with spelling():
        edit("whole = 0.0", "whole, total = 0.0, 0")
        edit("loss = cross", "total += count\n        loss = cross")
        edit("count / total", "count / max(total, 1)")
    with spelling():  # of the gradients; the loss is that of the whole batch
        edit("whole = 0.0", "whole, so_far = 0.0, 0")
        edit("loss = cross", "so_far += count\n        loss = cross")
        edit("count / total", "count / max(so_far, 1)")
        edit("whole += loss.item()", "whole += loss.item() * so_far / total")


@caught_by("test_gradients_worked_by_hand")
def zeroed_inside():
    """gradients set to None before each micro-batch, so that only the last one's remain"""
    with spelling():
        edit("loss.backward()", "model.zero_grad()\n        loss.backward()")
    with spelling():
        edit(
            "loss.backward()",
            "if count < total:\n            model.zero_grad()\n        loss.backward()",
        )


@caught_by("test_gradients_are_added_to_those_that_are_there")
def zeroed_at_the_beginning():
    """gradients set to None at the beginning, so that those from before are lost"""
    edit("whole = 0.0", "whole = 0.0\n    model.zero_grad()")


@caught_by("test_gradients_are_added_to_those_that_are_there")
def scaled_at_the_end():
    """sums of gradients divided by N at the end, and with them the gradients from before"""
    edit("(count / total)", "count")
    edit("whole += loss.item()", "whole += loss.item() / total")
    edit(
        "return whole",
        "for parameter in model.parameters():\n        if parameter.grad is not None:\n"
        "            parameter.grad /= total\n    return whole",
    )


@caught_by("test_gradients_worked_by_hand")
def no_backward():
    """losses added up without a backward pass"""
    edit("        loss.backward()\n", "")


@caught_by("test_gradients_worked_by_hand")
def last_one_alone():
    """one backward pass after the loop, for the last micro-batch"""
    edit("        loss.backward()\n", "")
    edit("return whole", "loss.backward()\n    return whole")


@caught_by("test_one_micro_batch_at_a_time_is_in_memory")
def one_backward_for_all():
    """one backward pass for the sum of all losses, so that every micro-batch stays in memory"""
    edit("        loss.backward()\n", "")
    edit("loss.item()", "loss")
    edit("return whole", "whole.backward()\n    return whole.item()")


@caught_by("test_a_micro_batch_without_counted_positions_adds_nothing")
def mean_of_nothing():
    """torch's cross_entropy, whose mean over no position is NaN, also times 0"""
    with spelling():
        edit(
            "loss = cross_entropy(model(inputs), targets)",
            "logits = model(inputs).flatten(0, -2)\n"
            "        loss = nn.functional.cross_entropy(logits, targets.flatten())",
        )
    with spelling():
        edit("    whole = 0.0", "    if not sum(counts):\n        return 0.0\n    whole = 0.0")
        edit(
            "loss = cross_entropy(model(inputs), targets)",
            "logits = model(inputs).flatten(0, -2)\n"
            "        loss = nn.functional.cross_entropy(logits, targets.flatten())",
        )


@caught_by("test_without_any_counted_position_the_loss_is_zero")
def division_by_zero():
    """a division by N without asking whether N is 0"""
    edit("max(sum(counts), 1)", "sum(counts)")


@caught_by("test_a_micro_batch_without_counted_positions_adds_nothing")
def stops_at_an_empty_one():
    """a loop that ends at the first micro-batch without counted positions"""
    edit("whole += loss.item()", "whole += loss.item()\n        if count == 0:\n            break")


@caught_by("test_the_gradients_are_those_of_the_whole_batch")
def loss_of_the_last_one():
    """the loss of the last micro-batch returned, or its share of the whole one"""
    with spelling():
        edit("whole += loss.item()", "whole = loss.item() * total / max(count, 1)")
    with spelling():
        edit("whole += loss.item()", "whole = loss.item()")
    with spelling():
        edit("whole += loss.item()", "whole = loss.item() if count else whole")


@caught_by("test_the_gradients_are_those_of_the_whole_batch")
def mean_of_the_losses_returned():
    """the mean of the micro-batches' losses returned, though the gradients are right"""
    edit("whole += loss.item()", "whole += loss.item() * total / max(count, 1) / len(batches)")


@caught_by("test_gradients_worked_by_hand")
def share_of_the_loss_returned():
    """the sum of the losses returned, not divided by N, though the gradients are right"""
    edit("whole += loss.item()", "whole += loss.item() * total")


@caught_by("test_the_loss_is_a_python_float")
def tensor_in_place_of_a_number():
    """a tensor returned in place of a Python float"""
    edit("whole += loss.item()", "whole += loss.detach()")


@caught_by("test_only_gradients_change")
def step_as_well():
    """a step of gradient descent, which changes the parameters"""
    edit(
        "return whole",
        "for parameter in model.parameters():\n        if parameter.grad is not None:\n"
        "            parameter.data.add_(parameter.grad, alpha=-0.1)\n    return whole",
    )


@caught_by("test_only_gradients_change")
def training_mode():
    """model.train() called, which changes the mode of a model in evaluation"""
    edit("whole = 0.0", "whole = 0.0\n    model.train()")


@caught_by("test_only_gradients_change")
def targets_changed():
    """ignored targets overwritten with 0 in the caller's tensor, after they were counted"""
    edit("whole += loss.item()", "whole += loss.item()\n        targets[targets == -100] = 0")


@caught_by("test_a_frozen_parameter_gets_no_gradient")
def frozen_ones_too():
    """requires_grad set for all parameters, so that frozen ones get gradients"""
    edit("whole = 0.0", "whole = 0.0\n    model.requires_grad_()")


@caught_by("test_micro_batches_may_have_different_shapes")
def concatenated():
    """all micro-batches concatenated, which needs equal shapes and the memory for all"""
    edit(
        "counts = [", "batches = [tuple(torch.cat(part) for part in zip(*batches))]\n    counts = ["
    )


@caught_by("test_gradients_worked_by_hand")
def backward_twice():
    """a second backward pass for the same loss, so that gradients are doubled"""
    edit("loss.backward()", "loss.backward(retain_graph=True)\n        loss.backward()")


@caught_by("test_gradients_worked_by_hand")
def ignored_index_zero():
    """targets of 0 ignored, as if 0 were the padding"""
    edit("targets != -100", "targets > 0")
