"""Wrong versions of train_step."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_step_worked_by_hand")
def cleared_after_the_backward_pass():
    """zero_grad() after backward(), so that the optimizer finds no gradients"""
    with spelling():
        edit("    optimizer.zero_grad()\n", "")
        edit("    loss.backward()\n", "    loss.backward()\n    optimizer.zero_grad()\n")
    with spelling():
        edit("    optimizer.zero_grad()\n", "")
        edit("    for group", "    optimizer.zero_grad()\n    for group")
    with spelling():
        edit("    optimizer.zero_grad()\n", "")
        edit(
            "    loss.backward()\n", "    loss.backward()\n    model.zero_grad(set_to_none=False)\n"
        )


@caught_by("test_only_the_gradients_of_this_batch_count")
def never_cleared():
    """gradients never set to zero, so that each step adds those of all earlier batches"""
    edit("    optimizer.zero_grad()\n", "")


@caught_by("test_only_the_gradients_of_this_batch_count")
def cleared_at_the_end_only():
    """zero_grad() only at the end, so that gradients from before the first step are added"""
    edit("    optimizer.zero_grad()\n", "")
    edit("    optimizer.step()\n", "    optimizer.step()\n    optimizer.zero_grad()\n")


@caught_by("test_the_loss_and_the_norm_are_python_floats")
def loss_as_a_tensor():
    """the loss returned as a tensor instead of a float"""
    with spelling():
        edit("loss.item(), norm", "loss, norm")
    with spelling():
        edit("loss.item(), norm", "loss.detach(), norm")


@caught_by("test_the_loss_and_the_norm_are_python_floats")
def norm_as_a_tensor():
    """the norm returned as a tensor instead of a float"""
    edit("loss.item(), norm", "loss.item(), torch.tensor(norm)")


@caught_by("test_the_rate_is_set_in_every_group_before_the_update")
def rate_set_after_the_update():
    """the rate set after step(), so that each update uses the rate of the step before"""
    edit(
        '    for group in optimizer.param_groups:\n        group["lr"] = rate\n'
        "    optimizer.step()\n",
        "    optimizer.step()\n    for group in optimizer.param_groups:\n"
        '        group["lr"] = rate\n',
    )


@caught_by("test_the_rate_is_set_in_every_group_before_the_update")
def rate_never_set():
    """a rate that the optimizer does not read, so that it keeps the one it was created with"""
    with spelling():
        edit('    for group in optimizer.param_groups:\n        group["lr"] = rate\n', "")
    with spelling():
        edit(
            '    for group in optimizer.param_groups:\n        group["lr"] = rate\n',
            "    optimizer.lr = rate\n",
        )


@caught_by("test_the_rate_is_set_in_every_group_before_the_update")
def rate_of_the_first_group():
    """the rate set in the first group only"""
    edit("in optimizer.param_groups:", "in optimizer.param_groups[:1]:")


@caught_by("test_the_rate_is_set_in_every_group_before_the_update")
def rate_multiplied():
    """the rate of each group multiplied by the new one instead of replaced"""
    edit('group["lr"] = rate', 'group["lr"] *= rate')


@caught_by("test_the_joint_norm_is_clipped")
def not_clipped():
    """gradients that are not clipped when the optimizer reads them"""
    with spelling():
        edit(
            "clip_gradients(trained, max_norm)",
            "clip_gradients(trained, 1e12)",
        )
    with spelling():
        edit("    norm = clip_gradients(trained, max_norm)\n", "")
        edit(
            "    optimizer.step()\n",
            "    optimizer.step()\n    norm = clip_gradients(trained, max_norm)\n",
        )


@caught_by("test_a_step_worked_by_hand")
def clipped_before_the_backward_pass():
    """gradients clipped before backward(), when there are none yet"""
    edit("    norm = clip_gradients(trained, max_norm)\n", "")
    edit(
        "    loss.backward()\n",
        "    norm = clip_gradients(trained, max_norm)\n    loss.backward()\n",
    )


@caught_by("test_the_joint_norm_is_clipped")
def norm_after_clipping():
    """the norm after clipping returned instead of the norm before"""
    edit("loss.item(), norm", "loss.item(), min(norm, max_norm)")


@caught_by("test_the_joint_norm_is_clipped")
def each_parameter_clipped_alone():
    """each parameter's gradient clipped by its own norm instead of the joint norm"""
    edit(
        "norm = clip_gradients(trained, max_norm)",
        "norm = sum(clip_gradients([p], max_norm) ** 2 for p in trained) ** 0.5",
    )


@caught_by("test_the_joint_norm_is_clipped")
def values_clipped():
    """each number of a gradient cut off at max_norm instead of the norm scaled"""
    edit(
        "norm = clip_gradients(trained, max_norm)",
        "norm = clip_gradients(trained, 1e12)\n"
        "    torch.nn.utils.clip_grad_value_(model.parameters(), max_norm)",
    )


@caught_by("test_the_joint_norm_is_clipped")
def always_scaled():
    """gradients scaled to the norm max_norm also where their norm is smaller"""
    edit(
        "norm = clip_gradients(trained, max_norm)",
        "norm = clip_gradients(trained, 1e12)\n"
        "    for p in trained:\n"
        "        if p.grad is not None:\n"
        "            p.grad.mul_(max_norm / max(norm, 1e-12))",
    )


@caught_by("test_only_the_gradients_of_this_batch_count")
def loss_after_the_update():
    """the loss computed anew after the update, in a second forward pass"""
    edit(
        "    return loss.item()",
        "    loss = cross_entropy(model(inputs), targets)\n    return loss.item()",
    )


@caught_by("test_the_model_is_called_once_in_its_own_mode")
def second_forward_pass():
    """a second forward pass, whose output is only looked at"""
    edit(
        "    loss = cross_entropy(model(inputs), targets)\n",
        "    assert model(inputs).shape[:2] == targets.shape\n"
        "    loss = cross_entropy(model(inputs), targets)\n",
    )


@caught_by("test_the_model_is_called_once_in_its_own_mode")
def always_in_training_mode():
    """model.train() called, though the mode is the caller's decision"""
    edit("    loss = cross", "    model.train()\n    loss = cross")


@caught_by("test_only_the_gradients_of_this_batch_count")
def summed_loss():
    """the sum of the losses of all positions instead of their mean"""
    edit(
        "cross_entropy(model(inputs), targets)",
        "cross_entropy(model(inputs), targets) * (targets != -100).sum()",
    )


@caught_by("test_only_the_gradients_of_this_batch_count")
def divided_by_the_batch_size():
    """the sum of the losses divided by the number of sequences, not of positions"""
    edit(
        "cross_entropy(model(inputs), targets)",
        "cross_entropy(model(inputs), targets) * (targets != -100).sum() / len(targets)",
    )


@caught_by("test_only_the_gradients_of_this_batch_count")
def shifted_once_more():
    """targets shifted by one position, though they are the next tokens already"""
    edit(
        "cross_entropy(model(inputs), targets)",
        "cross_entropy(model(inputs)[:, :-1], targets[:, 1:])",
    )


@caught_by("test_a_step_worked_by_hand")
def inputs_as_targets():
    """the inputs taken for the targets"""
    edit("model(inputs), targets)", "model(inputs), inputs)")


@caught_by("test_a_step_worked_by_hand")
def inputs_and_targets_exchanged():
    """inputs and targets exchanged: the model reads the targets and predicts the inputs"""
    edit("model(inputs), targets)", "model(targets), inputs)")


@caught_by("test_only_the_gradients_of_this_batch_count")
def two_updates():
    """step() called twice with the same gradients"""
    edit("    optimizer.step()\n", "    optimizer.step()\n    optimizer.step()\n")


@caught_by("test_a_step_worked_by_hand")
def no_update():
    """no call of step(): the gradients are computed and not used"""
    edit("    optimizer.step()\n", "")


@caught_by("test_a_step_worked_by_hand")
def norm_first():
    """the norm returned before the loss"""
    edit("loss.item(), norm", "norm, loss.item()")


@caught_by("test_five_steps_follow_torch")
def a_new_optimizer_for_each_step():
    """an optimizer created in each step, which has forgotten the averages of the earlier ones"""
    edit("    optimizer.step()\n", "    optimizer.state.clear()\n    optimizer.step()\n")


@caught_by("test_the_optimizer_of_the_course_is_called_without_arguments")
def arguments_for_zero_grad():
    """zero_grad(set_to_none=True), which only PyTorch's optimizers take"""
    edit("optimizer.zero_grad()", "optimizer.zero_grad(set_to_none=True)")


@caught_by("test_positions_whose_target_is_minus_100_are_ignored")
def ignored_positions_counted():
    """positions with the target -100 counted as if their target were token 0"""
    edit("model(inputs), targets)", "model(inputs), targets.clamp(min=0))")


@caught_by("test_positions_whose_target_is_minus_100_are_ignored")
def mean_of_no_positions():
    """the mean of no losses where all targets are -100, which is NaN"""
    with spelling():
        edit(
            "cross_entropy(model(inputs), targets)",
            "cross_entropy(model(inputs), targets) / (targets != -100).any()",
        )
    with spelling():
        edit(
            "    loss = cross_entropy(model(inputs), targets)\n",
            "    kept = targets != -100\n"
            "    rows, tokens = model(inputs)[kept], targets[kept]\n"
            "    logs = rows - rows.logsumexp(dim=-1, keepdim=True)\n"
            "    loss = -logs.gather(-1, tokens[:, None]).mean()\n",
        )


@caught_by("test_positions_whose_target_is_minus_100_are_ignored")
def mean_over_all_positions():
    """the sum of the losses divided by the number of all positions, ignored ones included"""
    edit(
        "cross_entropy(model(inputs), targets)",
        "cross_entropy(model(inputs), targets) * (targets != -100).sum() / targets.numel()",
    )


@caught_by("test_a_frozen_parameter_stays")
def frozen_parameters_trained():
    """requires_grad switched on for all parameters, also for the frozen ones"""
    edit(
        "    optimizer.zero_grad()\n",
        "    optimizer.zero_grad()\n    model.requires_grad_(True)\n",
    )


@caught_by("test_a_frozen_parameter_stays")
def a_gradient_for_every_parameter():
    """the gradient of every parameter read, though a frozen one has none"""
    edit(
        "norm = clip_gradients(trained, max_norm)",
        "norm = sum(p.grad.square().sum().item() for p in model.parameters()) ** 0.5\n"
        "    clip_gradients(model.parameters(), max_norm)",
    )


@caught_by("test_a_frozen_parameter_stays")
def old_gradients_of_frozen_parameters_counted():
    """an old gradient of a frozen parameter, out of reach of zero_grad(), counted in the norm"""
    with spelling():
        edit("clip_gradients(trained, max_norm)", "clip_gradients(model.parameters(), max_norm)")
    with spelling():
        edit(
            "norm = clip_gradients(trained, max_norm)",
            "gradients = [p.grad for p in model.parameters() if p.grad is not None]\n"
            "    norm = sum(g.double().square().sum().item() for g in gradients) ** 0.5\n"
            "    clip_gradients(trained, max_norm)",
        )


@caught_by("test_a_frozen_parameter_stays")
def frozen_parameters_updated():
    """a frozen parameter whose old gradient is not cleared, so that step() changes it"""
    edit("    optimizer.zero_grad()\n", "")
    edit(
        "    loss.backward()\n",
        "    for p in model.parameters():\n"
        "        if p.requires_grad:\n"
        "            p.grad = None\n"
        "    loss.backward()\n",
    )


@caught_by("test_large_logits_have_a_finite_loss")
def logarithm_of_softmax():
    """the logarithm of softmax: log 0 where a probability is too small for the dtype"""
    with spelling():
        edit(
            "    loss = cross_entropy(model(inputs), targets)\n",
            "    logs = torch.softmax(model(inputs), dim=-1).log()\n"
            "    picked = logs.gather(-1, targets.clamp(min=0)[..., None])[..., 0]\n"
            "    picked = picked[targets != -100]\n"
            "    loss = -picked.sum() / max(len(picked), 1)\n",
        )
    with spelling():
        edit(
            "    loss = cross_entropy(model(inputs), targets)\n",
            "    logs = torch.softmax(model(inputs).float(), dim=-1).log()\n"
            "    picked = logs.gather(-1, targets.clamp(min=0)[..., None])[..., 0]\n"
            "    picked = picked[targets != -100]\n"
            "    loss = -picked.sum() / max(len(picked), 1)\n",
        )


@caught_by("test_large_logits_have_a_finite_loss")
def logits_not_shifted():
    """exp of the logits as they are, without their maximum subtracted, which overflows"""
    with spelling():
        edit(
            "    loss = cross_entropy(model(inputs), targets)\n",
            "    logits = model(inputs)\n"
            "    logs = logits - logits.exp().sum(-1, keepdim=True).log()\n"
            "    picked = logs.gather(-1, targets.clamp(min=0)[..., None])[..., 0]\n"
            "    picked = picked[targets != -100]\n"
            "    loss = -picked.sum() / max(len(picked), 1)\n",
        )
    with spelling():
        edit(
            "    loss = cross_entropy(model(inputs), targets)\n",
            "    weights = model(inputs).exp()\n"
            "    logs = (weights / weights.sum(-1, keepdim=True)).log()\n"
            "    picked = logs.gather(-1, targets.clamp(min=0)[..., None])[..., 0]\n"
            "    picked = picked[targets != -100]\n"
            "    loss = -picked.sum() / max(len(picked), 1)\n",
        )


@caught_by("test_any_memory_layout_will_do")
def targets_viewed():
    """view() used for inputs, targets or logits that are not contiguous in memory"""
    with spelling():
        edit("model(inputs), targets)", "model(inputs).flatten(0, 1), targets.view(-1))")
    with spelling():
        edit(
            "    loss = cross_entropy(model(inputs), targets)\n",
            "    logits = model(inputs)\n"
            "    loss = cross_entropy(logits.view(-1, logits.shape[-1]), targets.flatten())\n",
        )


@caught_by("test_a_hundred_steps_need_the_memory_of_one")
def losses_kept():
    """the graph of every batch kept: retain_graph=True, and the losses in a list"""
    edit("    loss.backward()\n", "    loss.backward(retain_graph=True)\n    LOSSES.append(loss)\n")
    edit("def train_step(", "LOSSES = []\n\n\ndef train_step(")
