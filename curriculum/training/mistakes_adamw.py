"""Wrong versions of AdamW."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_first_step_worked_by_hand")
def decay_in_the_gradient():
    """weight decay added to the gradient, as in Adam with L2 regularization"""
    edit(
        "m.mul_(beta1).add_(w.grad, alpha=1 - beta1)",
        'g = w.grad + group["weight_decay"] * w\n'
        "                    m.mul_(beta1).add_(g, alpha=1 - beta1)",
    )
    edit("addcmul_(w.grad, w.grad, value", "addcmul_(g, g, value")
    edit('w.mul_(1 - lr * group["weight_decay"])', "pass")


@caught_by("test_a_first_step_worked_by_hand")
def no_decay():
    """Adam without weight decay"""
    edit('w.mul_(1 - lr * group["weight_decay"])', "pass")


@caught_by("test_a_first_step_worked_by_hand")
def decay_without_lr():
    """weight_decay that is not multiplied by lr"""
    edit("1 - lr * group", "1 - group")


@caught_by("test_a_first_step_worked_by_hand")
def decay_of_the_new_weight():
    """weight decay applied after the update, to the new w"""
    edit(
        'w.mul_(1 - lr * group["weight_decay"])\n'
        '                    w.addcdiv_(m, root.add_(group["eps"]), value=-lr / (1 - beta1**t))',
        'w.addcdiv_(m, root.add_(group["eps"]), value=-lr / (1 - beta1**t))\n'
        '                    w.mul_(1 - lr * group["weight_decay"])',
    )


@caught_by("test_a_first_step_worked_by_hand")
def decay_upwards():
    """weight decay with the wrong sign, so that weights grow"""
    edit("1 - lr * group", "1 + lr * group")


@caught_by("test_a_first_step_worked_by_hand")
def uphill():
    """the update added to w instead of subtracted"""
    edit("-lr / (1 - beta1**t)", "lr / (1 - beta1**t)")


@caught_by("test_eps_is_added_to_the_root")
def eps_under_the_root():
    """eps added to v_hat under the root, not to the root"""
    edit("(v / (1 - beta2**t)).sqrt_()", '(v / (1 - beta2**t) + group["eps"]).sqrt_()')
    edit('root.add_(group["eps"])', "root")


@caught_by("test_eps_is_added_to_the_root")
def eps_before_the_correction():
    """eps added to sqrt(v) before the bias correction, not to sqrt(v_hat)"""
    edit(
        "(v / (1 - beta2**t)).sqrt_()",
        'v.sqrt().add_(group["eps"]).div_((1 - beta2**t) ** 0.5)',
    )
    edit('root.add_(group["eps"])', "root")


@caught_by("test_eps_is_added_to_the_root")
def eps_of_its_own():
    """1e-8 always, whatever eps is passed"""
    edit('root.add_(group["eps"])', "root.add_(1e-8)")


@caught_by("test_a_first_step_worked_by_hand")
def no_bias_correction():
    """m and v without bias correction"""
    edit("(v / (1 - beta2**t))", "v.clone()")
    edit("-lr / (1 - beta1**t)", "-lr")


@caught_by("test_a_first_step_worked_by_hand")
def first_average_uncorrected():
    """no bias correction of m, only of v"""
    edit("-lr / (1 - beta1**t)", "-lr")


@caught_by("test_a_first_step_worked_by_hand")
def second_average_uncorrected():
    """no bias correction of v, only of m"""
    edit("(v / (1 - beta2**t))", "v.clone()")


@caught_by("test_a_first_step_worked_by_hand")
def steps_from_zero():
    """t counted from 0, so that the first step divides by 1 - beta^0, which is 0"""
    edit(
        "self.state[w][0] += 1\n                    t, m, v = self.state[w]",
        "t, m, v = self.state[w]\n                    self.state[w][0] += 1",
    )


@caught_by("test_a_first_step_worked_by_hand")
def steps_from_two():
    """t one too large: 2 in the first step"""
    with spelling():
        edit("[0, torch", "[1, torch")
    with spelling():
        edit("self.state[w][0] += 1", "self.state[w][0] += 1 + (self.state[w][0] == 0)")


@caught_by("test_a_second_step_worked_by_hand")
def correction_of_the_first_step():
    """the bias correction of step 1 in every step, since t is never increased"""
    with spelling():
        edit("[0, torch", "[1, torch")
        edit("self.state[w][0] += 1", "pass")
    with spelling():
        edit("beta2**t", "beta2")
        edit("beta1**t", "beta1")


@caught_by("test_a_first_step_worked_by_hand")
def no_root():
    """division by v_hat, not by its square root"""
    edit(".sqrt_()", "")


@caught_by("test_a_second_step_worked_by_hand")
def betas_exchanged():
    """beta1 used for v and beta2 for m"""
    edit("lr, (beta1, beta2)", "lr, (beta2, beta1)")


@caught_by("test_a_first_step_worked_by_hand")
def weights_of_the_average_exchanged():
    """(1 - beta) times the old average plus beta times the new gradient"""
    edit("mul_(beta1).add_(w.grad, alpha=1 - beta1)", "mul_(1 - beta1).add_(w.grad, alpha=beta1)")
    edit(
        "mul_(beta2).addcmul_(w.grad, w.grad, value=1 - beta2)",
        "mul_(1 - beta2).addcmul_(w.grad, w.grad, value=beta2)",
    )


@caught_by("test_a_first_step_worked_by_hand")
def whole_gradients_added():
    """averages to which the whole gradient is added, not its share of 1 - beta"""
    edit(", alpha=1 - beta1", "")
    edit(", value=1 - beta2", "")


@caught_by("test_a_second_step_worked_by_hand")
def first_average_unused():
    """the gradient itself divided by the root (RMSprop), without the average m"""
    edit("addcdiv_(m,", "addcdiv_(w.grad,")
    edit("-lr / (1 - beta1**t)", "-lr")


@caught_by("test_a_hundred_steps_follow_the_rule")
def one_size_for_a_whole_tensor():
    """v as one number for a whole tensor, the mean of g^2, not one for each number"""
    edit(
        "addcmul_(w.grad, w.grad, value=1 - beta2)",
        "add_(w.grad.square().mean(), alpha=1 - beta2)",
    )


@caught_by("test_a_hundred_steps_follow_the_rule")
def largest_square_kept():
    """the largest v_hat so far in place of the current one (AMSGrad)"""
    edit("[0, torch", "[0, torch.zeros_like(w), torch")
    edit("t, m, v = self.state[w]", "t, largest, m, v = self.state[w]")
    edit(
        "(v / (1 - beta2**t)).sqrt_()",
        "largest.copy_(torch.maximum(largest, v / (1 - beta2**t))).sqrt()",
    )


@caught_by("test_a_parameter_without_gradient_stays")
def missing_gradient_as_zeros():
    """a missing gradient taken for zeros, so that decay and m still move w"""
    edit(
        'for w in [w for w in group["params"] if w.grad is not None]:',
        'for w in group["params"]:\n'
        "                    g = torch.zeros_like(w) if w.grad is None else w.grad",
    )
    edit("add_(w.grad, alpha", "add_(g, alpha")
    edit("addcmul_(w.grad, w.grad", "addcmul_(g, g")


@caught_by("test_a_parameter_without_gradient_stays")
def decay_without_a_gradient():
    """weight decay of every parameter, also of those without a gradient"""
    edit(
        'for w in [w for w in group["params"] if w.grad is not None]:',
        'for w in group["params"]:\n'
        '                    w.mul_(1 - lr * group["weight_decay"])\n'
        "                    if w.grad is None:\n                        continue",
    )
    edit('\n                    w.mul_(1 - lr * group["weight_decay"])', "")


@caught_by("test_a_parameter_without_gradient_stays")
def missing_gradient_used():
    """a parameter whose grad is None not left out, which ends in an error"""
    edit('[w for w in group["params"] if w.grad is not None]', 'group["params"]')


@caught_by("test_a_parameter_without_gradient_stays")
def stops_at_a_missing_gradient():
    """a step that ends at the first parameter whose grad is None"""
    edit(
        'for w in [w for w in group["params"] if w.grad is not None]:',
        'for w in group["params"]:\n'
        "                    if w.grad is None:\n                        return",
    )


@caught_by("test_a_step_without_gradient_does_not_count")
def one_count_for_each_update():
    """one step count that grows with every parameter, not with every step"""
    edit("self.state[w][0] += 1", "self.t = getattr(self, 't', 0) + 1")
    edit("t, m, v = self.state[w]", "t, m, v = self.t, *self.state[w][1:]")


@caught_by("test_a_second_step_worked_by_hand")
def averages_forgotten():
    """m and v that begin with zeros in every step"""
    edit("if w not in self.state:", "if True:")


@caught_by("test_each_group_has_its_own_settings")
def averages_shared():
    """one m and one v for all parameters of a shape"""
    edit("[w] = [0,", "[w] = self.state[w.shape] = self.state.get(w.shape) or [0,")


@caught_by("test_a_second_step_worked_by_hand")
def average_begins_with_the_gradient():
    """an m that begins with the first gradient instead of zeros"""
    edit("[0, torch.zeros_like(w), torch", "[0, w.grad.clone(), torch")
    edit("-lr / (1 - beta1**t)", "-lr")


@caught_by("test_zero_grad_sets_every_gradient_to_none")
def gradients_set_to_zeros():
    """zero_grad() that sets gradients to zeros, so that the next step counts them"""
    edit("w.grad = None", "w.grad = None if w.grad is None else w.grad.zero_()")


@caught_by("test_zero_grad_sets_every_gradient_to_none")
def first_group_alone_set_to_none():
    """zero_grad() for the first group only"""
    edit(
        "for group in self.param_groups:\n            for w",
        "for group in self.param_groups[:1]:\n            for w",
    )


@caught_by("test_parameters_keep_dtype_and_requires_grad")
def gradients_gone_after_a_step():
    """step() that sets the gradients to None"""
    edit(
        "value=-lr / (1 - beta1**t))",
        "value=-lr / (1 - beta1**t))\n                    w.grad = None",
    )


@caught_by("test_a_setting_that_is_changed_counts_from_the_next_step")
def rate_of_the_beginning():
    """the lr with which the group was created, whatever group["lr"] is now"""
    with spelling():
        edit("} for group in groups", ', "initial": group.get("lr", lr)} for group in groups')
        edit('group["lr"], group["betas"]', 'group["initial"], group["betas"]')
    with spelling():
        edit(
            "        self.state: dict",
            "        self.rates = [g['lr'] for g in self.param_groups]\n        self.state: dict",
        )
        edit(
            'for group in self.param_groups:\n                lr, (beta1, beta2) = group["lr"], ',
            "for group, lr in zip(self.param_groups, self.rates):\n                beta1, beta2 = ",
        )


@caught_by("test_param_groups_hold_the_parameters_and_the_settings")
def dicts_changed():
    """the dicts that are passed filled with the settings, which changes them for the caller"""
    with spelling():
        edit(
            '{**settings, **group, "params": list(group["params"])} for group in groups',
            'group.update({**settings, **group, "params": list(group["params"])}) or group\n'
            "            for group in groups",
        )
    with spelling():
        edit(
            '{**settings, **group, "params": list(group["params"])} for',
            "[group.setdefault(*setting) for setting in settings.items()] and group for",
        )


@caught_by("test_param_groups_hold_the_parameters_and_the_settings")
def a_group_for_each_parameter():
    """a group for each parameter, when parameters are passed without dicts"""
    edit('groups = [{"params": groups}]', 'groups = [{"params": [w]} for w in groups]')


@caught_by("test_a_first_step_worked_by_hand")
def new_tensors():
    """new tensors in param_groups, so that the model's parameters never change"""
    edit(
        'for w in [w for w in group["params"] if w.grad is not None]:',
        'for i, old in enumerate(group["params"]):\n'
        "                    if old.grad is None:\n                        continue\n"
        '                    w = group["params"][i] = old.clone().requires_grad_()\n'
        "                    w.grad = old.grad",
    )


@caught_by("test_parameters_keep_dtype_and_requires_grad")
def frozen():
    """parameters that no longer require a gradient after a step"""
    edit("t, m, v = self", "w.requires_grad_(False)\n                    t, m, v = self")


@caught_by("test_zero_gradients_count_as_gradients")
def zeros_left_out():
    """a gradient of zeros left out, as if it were None"""
    edit("if w.grad is not None", "if w.grad is not None and w.grad.any()")


@caught_by("test_zero_gradients_on_a_new_parameter_leave_only_decay")
def zero_over_zero():
    """no eps, so that a gradient of zeros gives 0 / 0"""
    edit('root.add_(group["eps"])', "root")


@caught_by("test_the_arguments_have_their_defaults")
def decay_off_by_default():
    """weight_decay of 0 by default, as in torch.optim.Adam"""
    edit("weight_decay: float = 0.01", "weight_decay: float = 0.0")


@caught_by("test_the_arguments_have_their_defaults")
def betas_of_gpt():
    """betas of 0.9 and 0.95 by default, those with which GPT-3 was trained"""
    edit("(0.9, 0.999)", "(0.9, 0.95)")


@caught_by("test_a_second_step_worked_by_hand")
def square_of_the_average():
    """v as an average of m^2, not of g^2"""
    edit(
        "v.mul_(beta2).addcmul_(w.grad, w.grad, value=1 - beta2)",
        "g = m / (1 - beta1**t)\n                    v.mul_(beta2).addcmul_(g, g, value=1 - beta2)",
    )


@caught_by("test_a_step_without_gradient_does_not_count")
def one_count_for_all():
    """one step count for all parameters, which also grows when grad is None"""
    with spelling():
        edit(
            "with torch.no_grad():",
            "self.t = getattr(self, 't', 0) + 1\n        with torch.no_grad():",
        )
        edit("t, m, v = self.state[w]", "t, m, v = self.t, *self.state[w][1:]")
    with spelling():
        edit(
            'lr, (beta1, beta2) = group["lr"], group["betas"]',
            'lr, (beta1, beta2) = group["lr"], group["betas"]\n'
            '                group["t"] = group.get("t", 0) + 1',
        )
        edit("t, m, v = self.state[w]", 't, m, v = group["t"], *self.state[w][1:]')


@caught_by("test_each_group_has_its_own_settings")
def settings_of_the_arguments():
    """the arguments for every group, whatever its dict says"""
    edit("**settings, **group,", "**group, **settings,")


@caught_by("test_each_group_has_its_own_settings")
def zero_taken_for_missing():
    """a setting of 0 in a group's dict taken for a missing one, as "or" does it"""
    edit(
        '{**settings, **group, "params"',
        '{**{key: group.get(key) or own for key, own in settings.items()}, "params"',
    )


@caught_by("test_each_group_has_its_own_settings")
def settings_passed_on():
    """a group's own settings kept for the groups after it"""
    edit("{**settings, **group,", "{**(settings := {**settings, **group}),")


@caught_by("test_each_group_has_its_own_settings")
def settings_of_the_first_group():
    """the settings of the first group for all groups"""
    edit(
        "                lr, (beta1, beta2)",
        '                group = {**self.param_groups[0], "params": group["params"]}\n'
        "                lr, (beta1, beta2)",
    )


@caught_by("test_parameters_may_come_in_an_iterable_that_is_read_once")
def iterable_kept():
    """an iterable of parameters that is kept as it is, and is empty once it has been read"""
    with spelling():
        edit("list(params)", "params")
        edit(
            "not isinstance(groups[0], dict)",
            "not isinstance(groups, list) or torch.is_tensor(groups[0])",
        )
        edit('list(group["params"])', 'group["params"]')
    with spelling():
        edit('list(group["params"])', 'group["params"]')


@caught_by("test_parameters_keep_dtype_and_requires_grad")
def float64_always():
    """parameters that are converted to float64, whatever their dtype"""
    edit("t, m, v = self", "w.data = w.data.double()\n                    t, m, v = self")


@caught_by("test_parameters_keep_dtype_and_requires_grad")
def gradient_changed():
    """the gradient tensor changed by the step, such as by adding the decay to it in place"""
    with spelling():
        edit(
            "m.mul_(beta1)",
            'w.grad.add_(w, alpha=group["weight_decay"])\n                    m.mul_(beta1)',
        )
        edit('w.mul_(1 - lr * group["weight_decay"])', "pass")
    with spelling():
        edit("w.addcdiv_(m,", "w.grad.square_()\n                    w.addcdiv_(m,")


@caught_by("test_the_layout_and_the_number_of_dimensions_do_not_matter")
def flattened_with_view():
    """tensors flattened with view(-1), which fails for a transposed one"""
    edit(
        "t, m, v = self",
        "w.view(-1)\n                    w.grad.view(-1)\n                    t, m, v = self",
    )


@caught_by("test_every_optimizer_has_a_state_of_its_own")
def state_shared():
    """t, m and v stored on the class or on the parameter, where another optimizer finds them"""
    with spelling():
        edit("def __init__(", "state = {}\n\n    def __init__(")
        edit("self.state: dict[torch.Tensor, list[Any]] = {}", "pass")
    with spelling():
        edit("if w not in self.state:", 'if not hasattr(w, "state"):')
        edit("self.state[w] = [0", "w.state = [0")
        edit("self.state[w][0] += 1", "w.state[0] += 1")
        edit("t, m, v = self.state[w]", "t, m, v = w.state")
