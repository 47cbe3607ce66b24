"""The checks of AdamW."""

import torch

from grader.checks import close, equal, gradients, holds, value

double = torch.float64


def test_a_first_step_worked_by_hand(AdamW, beside):
    """With lr=0.1, weight_decay=0.5 and gradients 3 and -0.01, 2 and -4 become 1.8 and -3.7."""
    w = _parameter(beside, torch.tensor([2.0, -4.0]))
    optimizer = AdamW([w], lr=0.1, weight_decay=0.5)
    w.grad = torch.tensor([3.0, -0.01])
    equal(optimizer.step(), None, say="step() returns")
    say = "m_hat / sqrt(v_hat) is 1 and -1, so w changes by -0.1 * (1 + 1) and -0.1 * (-1 - 2)"
    close(value(w), torch.tensor([1.8, -3.7]), say=say)


def test_a_second_step_worked_by_hand(AdamW, beside):
    """With betas of 0.5 and 0.75, the gradients 1 and -1 have m_hat = -1/3 and v_hat = 1."""
    w = _parameter(beside, torch.tensor([5.0]))
    optimizer = AdamW([w], lr=1.0, betas=(0.5, 0.75), weight_decay=0.0)
    _step(optimizer, w, torch.tensor([1.0]))
    close(value(w), torch.tensor([4.0]), say="the first step, with lr=1: m_hat = 1, v_hat = 1")
    _step(optimizer, w, torch.tensor([-1.0]))
    say = "the second step: m = -0.25, m_hat = -1/3; v = 0.4375, v_hat = 1"
    close(value(w), torch.tensor([4 + 1 / 3]), say=say)


def test_a_hundred_steps_follow_the_rule(AdamW, beside, randn):
    """Over 100 steps, a parameter follows the rule of torch.optim.AdamW to 1e-6."""
    start, given = randn(3, 5, dtype=double), randn(100, 3, 5, dtype=double) + 0.3
    w = _parameter(beside, start.clone())
    settings = {"lr": 1e-2, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.1}
    optimizer = AdamW([w], **settings)
    for number, gradient in enumerate(given, 1):
        _step(optimizer, w, gradient)
        if number in (1, 2, 10, 100):
            want = _follow(start, given[:number], **settings)
            close(value(w), want, atol=1e-6, rtol=0, say=f"after {number} steps")


def test_eps_is_added_to_the_root(AdamW, beside, randn):
    """eps is added to sqrt(v_hat): for eps of 1, 0.01 and 1e-4 the steps follow the rule."""
    for eps in (1.0, 1e-2, 1e-4):
        start, given = randn(5, dtype=double), 1e-2 * randn(7, 5, dtype=double)
        w = _parameter(beside, start.clone())
        settings = {"lr": 0.1, "betas": (0.8, 0.9), "eps": eps, "weight_decay": 0.3}
        optimizer = AdamW([w], **settings)
        for gradient in given:
            _step(optimizer, w, gradient)
        say = f"eps={eps}, gradients of about 0.01"
        close(value(w), _follow(start, given, **settings), say=say)


def test_the_arguments_have_their_defaults(AdamW, beside):
    """Without arguments, lr is 1e-3, betas (0.9, 0.999), eps 1e-8 and weight_decay 0.01."""
    group = AdamW([_parameter(beside, torch.ones(3))]).param_groups[0]
    equal(group["lr"], 1e-3, say="lr")
    equal(tuple(group["betas"]), (0.9, 0.999), say="betas")
    equal(group["eps"], 1e-8, say="eps")
    equal(group["weight_decay"], 0.01, say="weight_decay")


def test_zero_gradients_on_a_new_parameter_leave_only_decay(AdamW, beside, randn):
    """With gradients of zeros from the start, each step multiplies w by 1 - lr * weight_decay."""
    start = randn(3, 5, dtype=double)
    for decay in (0.5, 0.0):
        w = _parameter(beside, start.clone())
        optimizer = AdamW([w], lr=0.2, weight_decay=decay)
        for _ in range(3):
            _step(optimizer, w, torch.zeros(3, 5, dtype=double))
        say = f"three steps with lr=0.2 and weight_decay={decay}"
        close(value(w), start * (1 - 0.2 * decay) ** 3, say=say)


def test_zero_gradients_count_as_gradients(AdamW, beside, randn):
    """A gradient of zeros after other gradients is one more step, in which m moves w further."""
    start, given = randn(5, dtype=double), randn(5, 5, dtype=double)
    given[2:4] = 0.0
    w = _parameter(beside, start.clone())
    settings = {"lr": 0.1, "betas": (0.9, 0.95), "eps": 1e-8, "weight_decay": 0.1}
    optimizer = AdamW([w], **settings)
    for number, gradient in enumerate(given):
        _step(optimizer, w, gradient)
        say = f"step {number + 1}; the gradients of steps 3 and 4 are zeros"
        close(value(w), _follow(start, given[: number + 1], **settings), say=say)


def test_a_parameter_without_gradient_stays(AdamW, beside, randn):
    """A parameter whose grad is None does not change, although weight_decay is 0.5."""
    start = randn(3, dtype=double)
    used, unused = _parameter(beside, start.clone()), _parameter(beside, start.clone())
    optimizer = AdamW([unused, used], lr=0.1, weight_decay=0.5)
    for _ in range(2):
        _step(optimizer, used, torch.ones(3, dtype=double))
    equal(value(unused), start, say="the parameter whose grad is None")
    moved = not torch.equal(value(used), start)
    holds(moved, "the other parameter, which has a gradient, changes", got=value(used))


def test_a_step_without_gradient_does_not_count(AdamW, beside, randn):
    """A parameter that has gradients in steps 2, 3 and 6 of 6 makes three steps, not six."""
    start, given = randn(5, dtype=double), randn(6, 5, dtype=double)
    always, rarely = _parameter(beside, start.clone()), _parameter(beside, start.clone())
    settings = {"lr": 0.1, "betas": (0.9, 0.95), "eps": 1e-8, "weight_decay": 0.1}
    optimizer = AdamW([always, rarely], **settings)
    for number, gradient in enumerate(given, 1):
        always.grad = gradient.clone()
        rarely.grad = gradient.clone() if number in (2, 3, 6) else None
        optimizer.step()
    say = "steps 1, 4 and 5, in which grad is None, leave t, m and v as they are"
    close(value(rarely), _follow(start, given[[1, 2, 5]], **settings), say=say)
    say = "the other parameter, which has a gradient in every step"
    close(value(always), _follow(start, given, **settings), say=say)


def test_zero_grad_sets_every_gradient_to_none(AdamW, beside, randn):
    """After zero_grad() the grad of every parameter in every group is None."""
    start = randn(3)
    parts = [_parameter(beside, start.clone()) for _ in range(3)]
    optimizer = AdamW([{"params": parts[:2]}, {"params": parts[2:]}], lr=0.1, weight_decay=0.5)
    for part in parts:
        part.grad = torch.ones(3)
    equal(optimizer.zero_grad(), None, say="zero_grad() returns")
    for number, part in enumerate(parts):
        equal(part.grad, None, say=f"the grad of parameter {number} after zero_grad()")
    optimizer.step()
    for part in parts:
        equal(value(part), start, say="a parameter after a step without gradients")


def test_each_group_has_its_own_settings(AdamW, beside, randn):
    """A group uses the settings of its dict, and the arguments for those that it does not name."""
    start, given = randn(5, dtype=double), randn(4, 5, dtype=double)
    common = {"lr": 0.1, "betas": (0.9, 0.95), "eps": 1e-2, "weight_decay": 0.1}
    for own in (
        {"weight_decay": 0.0},
        {"lr": 0.3},
        {"betas": (0.5, 0.6), "eps": 1.0},
        {"betas": (0.0, 0.0)},
        {"lr": 0.0, "weight_decay": 2.0},
    ):
        parts = [_parameter(beside, start.clone()) for _ in range(3)]
        named = {"params": parts[1:2], **own}
        optimizer = AdamW([{"params": parts[:1]}, named, {"params": parts[2:]}], **common)
        for gradient in given:
            for part in parts:
                part.grad = gradient.clone()
            optimizer.step()
        for part in parts[::2]:
            say = "a group without settings of its own, beside one that has some"
            close(value(part), _follow(start, given, **common), say=say)
        say = f"the group with {own}"
        close(value(parts[1]), _follow(start, given, **{**common, **own}), say=say)


def test_a_setting_that_is_changed_counts_from_the_next_step(AdamW, beside, randn):
    """After group["lr"] or another setting of a group was set, the next steps use it."""
    before = {"lr": 0.1, "betas": (0.9, 0.95), "eps": 1e-2, "weight_decay": 0.1}
    for changed in ({"lr": 0.3}, {"weight_decay": 0.7}, {"eps": 1.0}, {"betas": (0.5, 0.6)}):
        start, given = randn(5, dtype=double), randn(4, 5, dtype=double)
        first, second = _parameter(beside, start.clone()), _parameter(beside, start.clone())
        optimizer = AdamW([{"params": [first]}, {"params": [second]}], **before)
        for number, gradient in enumerate(given):
            if number == 2:
                _set(beside, optimizer, 1, changed)
            first.grad, second.grad = gradient.clone(), gradient.clone()
            optimizer.step()
        settings = [before, before, {**before, **changed}, {**before, **changed}]
        say = f"the group whose settings were changed to {changed} after two of four steps"
        close(value(second), _follow_changing(start, given, settings), say=say)
        say = f"the other group, when {changed} was set in the second"
        close(value(first), _follow(start, given, **before), say=say)


def test_parameters_may_come_in_an_iterable_that_is_read_once(AdamW, beside, randn):
    """With model.parameters(), alone or as the "params" of a dict, every step updates the model."""
    given = torch.ones(3, 5, dtype=double)
    for grouped in (False, True):
        model = beside("torch.nn.Linear")(5, 3, bias=False, dtype=double)
        start = value(model.weight)
        settings = {"lr": 0.1, "betas": (0.9, 0.95), "eps": 1e-8, "weight_decay": 0.1}
        parts = model.parameters()
        optimizer = AdamW([{"params": parts}] if grouped else parts, **settings)
        for _ in range(2):
            _step(optimizer, model.weight, given)
        say = '{"params": model.parameters()}' if grouped else "model.parameters()"
        want = _follow(start, torch.stack([given, given]), **settings)
        close(value(model.weight), want, say=f"two steps with {say}")


def test_param_groups_hold_the_parameters_and_the_settings(AdamW, beside, randn):
    """param_groups lists the groups with the parameters themselves, and what was passed stays."""
    first, second = (_parameter(beside, randn(3)) for _ in range(2))
    passed = [{"params": [first], "lr": 0.5}, {"params": [second]}]
    optimizer = AdamW(passed, lr=0.25, betas=(0.5, 0.75), eps=0.125, weight_decay=2.0)
    keys = [sorted(group) for group in passed]
    equal(keys, [["lr", "params"], ["params"]], say="the keys of the dicts that were passed")
    groups = optimizer.param_groups
    equal(len(groups), 2, say="the number of groups")
    for group, part, lr in zip(groups, (first, second), (0.5, 0.25), strict=True):
        got = {key: group[key] for key in ("lr", "eps", "weight_decay")}
        equal(got, {"lr": lr, "eps": 0.125, "weight_decay": 2.0}, say="the settings of a group")
        equal(tuple(group["betas"]), (0.5, 0.75), say="the betas of a group")
        equal(len(group["params"]), 1, say='the length of a group\'s "params"')
        holds(group["params"][0] is part, '"params" contains the parameter itself, not a copy')
    alone = AdamW([first, second]).param_groups
    equal(len(alone), 1, say="the number of groups when parameters are passed without dicts")
    equal(len(alone[0]["params"]), 2, say='the length of its "params"')


def test_every_optimizer_has_a_state_of_its_own(AdamW, beside, randn):
    """Two optimizers of one parameter share nothing, in whatever order they are created."""
    start, given = randn(5, dtype=double), randn(8, 5, dtype=double)
    settings = {"lr": 0.1, "betas": (0.9, 0.95), "eps": 1e-8, "weight_decay": 0.0}
    w = _parameter(beside, start.clone())
    first, second = AdamW([w], **settings), AdamW([w], **settings)
    for gradient in given[:4]:
        _step(first, w, gradient)
    # Without decay an update does not depend on w, so the updates of the three can be added.
    moved = _follow(start, given[:4], **settings)
    for optimizer, part, say in (
        (second, given[4:6], "an optimizer created before the first one's four steps"),
        (AdamW([w], **settings), given[6:], "an optimizer created after the steps of others"),
    ):
        for gradient in part:
            _step(optimizer, w, gradient)
        moved = _follow(moved, part, **settings)
        close(value(w), moved, say=f"{say} begins with t = 0 and zeros")


def test_a_model_trains_with_gradients_that_are_zeroed_in_place(AdamW, beside, randn):
    """A linear layer follows the rule when its gradient tensors are zeroed and reused."""
    model = beside("torch.nn.Linear")(5, 3, dtype=double)
    held, starts = model.weight, (value(model.weight), value(model.bias))
    settings = {"lr": 0.1, "betas": (0.9, 0.95), "eps": 1e-8, "weight_decay": 0.1}
    optimizer = AdamW(model.parameters(), **settings)
    x, upstream = randn(4, 7, 5, dtype=double), randn(4, 7, 3, dtype=double)
    given = upstream.transpose(1, 2) @ x, upstream.sum(dim=1)
    for number in range(4):
        model.zero_grad(set_to_none=False)
        gradients(model, x[number], upstream=upstream[number])
        optimizer.step()
        for name, start, each in zip(("weight", "bias"), starts, given, strict=True):
            got = model.get_parameter(name)
            close(value(got.grad), each[number], say=f"the gradient of the {name} after step()")
            want = _follow(start, each[: number + 1], **settings)
            close(value(got), want, say=f"the {name} after {number + 1} steps")
    holds(model.weight is held, "the parameter is still the same object")


def test_parameters_keep_dtype_and_requires_grad(AdamW, beside, randn):
    """Parameters of one group remain float32 and float64 leaves that require a gradient."""
    starts = randn(3), randn(3, dtype=double)
    parts = [_parameter(beside, start.clone()) for start in starts]
    settings = {"lr": 0.1, "betas": (0.9, 0.95), "eps": 1e-8, "weight_decay": 0.1}
    optimizer = AdamW(parts, **settings)
    for part, start in zip(parts, starts, strict=True):
        part.grad = torch.full_like(start, 0.5)
    for _ in range(2):
        optimizer.step()
    for part, start in zip(parts, starts, strict=True):
        want = _follow(start, torch.full((2, 3), 0.5, dtype=start.dtype), **settings)
        close(value(part), want, say=f"a parameter in {start.dtype} after two steps")
        holds(part.requires_grad, "the parameter still requires a gradient")
        holds(part.is_leaf, "the parameter is still a leaf, without a graph behind it")
        equal(part.grad, torch.full_like(start, 0.5), say="its gradient after step()")


def test_the_layout_and_the_number_of_dimensions_do_not_matter(AdamW, beside, randn):
    """A transposed parameter, a strided gradient and a parameter of shape () follow the rule."""
    settings = {"lr": 0.1, "betas": (0.9, 0.95), "eps": 1e-8, "weight_decay": 0.1}
    for start, given, say in (
        (randn(5, 3, dtype=double).T, randn(2, 3, 5, dtype=double), "a transposed parameter"),
        (
            randn(3, 5, dtype=double),
            randn(2, 5, 6, dtype=double).transpose(1, 2)[:, ::2],
            "a gradient that is a strided view",
        ),
        (randn(dtype=double), randn(2, dtype=double), "a parameter of shape ()"),
        (randn(2, 3, 1, 5, dtype=double), randn(2, 2, 3, 1, 5, dtype=double), "four dimensions"),
        (randn(0, 3, dtype=double), randn(2, 0, 3, dtype=double), "a parameter without numbers"),
    ):
        w = _parameter(beside, start.clone())
        optimizer = AdamW([w], **settings)
        for gradient in given:
            w.grad = _copy(gradient)
            optimizer.step()
        close(value(w), _follow(start, given, **settings), say=say)


def _parameter(beside, start):
    """Return a parameter with these numbers, which lives beside the learner's code."""
    return beside("torch.nn.Parameter")(start)


def _copy(gradient):
    """Return a copy with the same layout in memory."""
    empty = torch.empty_strided(gradient.shape, gradient.stride(), dtype=gradient.dtype)
    return empty.copy_(gradient)


def _step(optimizer, w, gradient):
    """Make a step in which one parameter has this gradient."""
    w.grad = gradient.clone()
    optimizer.step()


def _set(beside, optimizer, number, settings):
    """Set settings of a group, in the dict that lives beside the learner's code."""
    each = beside("builtins.map")
    for key, setting in settings.items():
        groups = each(beside("operator.attrgetter")("param_groups"), [optimizer])
        group = each(beside("operator.itemgetter")(number), groups)
        put = beside("operator.methodcaller")("__setitem__", key, setting)
        value(each(put, group))


def _follow(start, given, **settings):
    """Return what the rule makes of a parameter with these gradients, one after the other."""
    return _follow_changing(start, given, [settings] * len(given))


def _follow_changing(start, given, steps):
    """Return the same with settings of its own for each step."""
    w = start.double().clone()
    m, v = torch.zeros_like(w), torch.zeros_like(w)
    for t, (g, settings) in enumerate(zip(given.double(), steps, strict=True), 1):
        beta1, beta2 = settings["betas"]
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        update = m_hat / (v_hat.sqrt() + settings["eps"]) + settings["weight_decay"] * w
        w = w - settings["lr"] * update
    return w.to(start.dtype)
