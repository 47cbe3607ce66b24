"""The checks of freeze."""

import pytest
import torch

from grader.checks import close, equal, holds, value


def test_only_what_a_pattern_names_is_trained(freeze, beside):
    """With the pattern 2.*, the weight and bias of layer 2 are trained, and layer 0 is frozen."""
    model = _layers(beside, 0, 2)
    freeze(model, ["2.*"])
    equal(
        _trained(beside, model),
        ["2.weight", "2.bias"],
        say="the parameters that require a gradient",
    )


def test_the_trained_parameters_are_returned_in_order(freeze, beside):
    """The result lists the trained parameters themselves, in the model's order, each once."""
    for patterns, wanted in [
        (["2.*"], ["2.weight", "2.bias"]),
        (["2.bias", "2.*", "0.weight", "?.weight"], ["0.weight", "1.weight", "2.weight", "2.bias"]),
        (["*.bias"], ["0.bias", "1.bias", "2.bias"]),
        (["*"], [f"{i}.{part}" for i in range(3) for part in ("weight", "bias")]),
    ]:
        model = _layers(beside, 0, 1, 2)
        apply, collect = beside("builtins.map"), beside("builtins.list")
        # The result stays in the learner's process, so that no reference to its items is counted.
        kept = beside("collections.deque")(apply(freeze, [model], [patterns]))
        kinds = collect(apply(beside("builtins.isinstance"), kept, [beside("builtins.list")]))
        if kinds != [True]:
            read = beside("operator.attrgetter")("__name__")
            names = collect(apply(read, apply(beside("builtins.type"), kept)))
            equal(names, ["list"], say="the type of what freeze() returned")
        got = beside("builtins.next")(apply(beside("collections.deque"), kept))
        same, repeat = beside("operator.is_"), beside("itertools.repeat")
        named = {
            name: collect(apply(same, got, repeat(own))) for name, own in model.named_parameters()
        }
        found = [
            next((name for name, flags in named.items() if flags[place]), "not in the model")
            for place in range(beside("builtins.len")(got))
        ]
        say = f"the names of the parameters that freeze(model, {patterns}) returned"
        equal(found, wanted, say=say)


def test_a_pattern_matches_whole_names(freeze, beside):
    """The pattern blocks.1.* matches neither blocks.10.weight nor old.blocks.1.weight."""
    for patterns, wanted in [
        (["blocks.1.*"], ["blocks.1.weight", "blocks.1.bias"]),
        (["blocks.1.weight"], ["blocks.1.weight"]),
        (["blocks.1?.weight"], ["blocks.10.weight", "blocks.11.weight"]),
        (["blocks.[02].bias"], ["blocks.0.bias", "blocks.2.bias"]),
        (["b*.bias"], [f"blocks.{i}.bias" for i in (0, 1, 2, 10, 11)]),
        (["*.11.*"], ["blocks.11.weight", "blocks.11.bias"]),
        (["*blocks.1.bias"], ["blocks.1.bias", "old.blocks.1.bias"]),
        (["blocks.2.weight*"], ["blocks.2.weight"]),
        (["last.weight"], ["last.weight"]),
    ]:
        model = beside("torch.nn.Module")()
        model.add_module("blocks", _layers(beside, 0, 1, 2, 10, 11))
        old = beside("torch.nn.Module")()
        old.add_module("blocks", _layers(beside, 0, 1))
        model.add_module("old", old)
        last = beside("torch.nn.Linear")(2, 3)
        last.add_module("weight_norm", beside("torch.nn.Linear")(2, 3))
        model.add_module("last", last)
        _count(beside, freeze, model, patterns)
        equal(_trained(beside, model), wanted, say=f"trained after freeze(model, {patterns})")


def test_dots_and_case_are_compared_as_they_are(freeze, beside):
    """A dot matches a dot alone, and upper and lower case differ."""
    for patterns, wanted in [
        (["up.bias"], ["up.bias"]),
        (["up.*"], ["up.weight", "up.bias"]),
        (["UP.*"], ["UP.weight", "UP.bias"]),
        (
            ["[uU]*"],
            ["up.weight", "up.bias", "UP.weight", "UP.bias", "up_bias.weight", "up_bias.bias"],
        ),
        (["up_bias.*"], ["up_bias.weight", "up_bias.bias"]),
    ]:
        model = beside("torch.nn.Module")()
        for name in ("up", "UP", "up_bias", "own"):
            model.add_module(name, beside("torch.nn.Linear")(2, 3))
        _count(beside, freeze, model, patterns)
        equal(_trained(beside, model), wanted, say=f"trained after freeze(model, {patterns})")


def test_parameters_of_every_depth_are_found(freeze, beside):
    """Parameters of the model itself and of modules within modules are frozen and trained alike."""
    model = beside("torch.nn.MultiheadAttention")(6, 2)
    inner = beside("torch.nn.Sequential")(model, beside("torch.nn.LayerNorm")(6))
    outer = beside("torch.nn.Sequential")(inner)
    for patterns, wanted in [
        (["0.0.in_proj_*"], ["0.0.in_proj_weight", "0.0.in_proj_bias"]),
        (["*.out_proj.weight", "0.1.bias"], ["0.0.out_proj.weight", "0.1.bias"]),
    ]:
        _count(beside, freeze, outer, patterns)
        equal(_trained(beside, outer), wanted, say=f"trained after freeze(model, {patterns})")
    count = _count(beside, freeze, model, ["in_proj_bias"])
    equal(
        _trained(beside, model),
        ["in_proj_bias"],
        say="trained after freeze(model, ['in_proj_bias'])",
    )
    equal(count, 1, say="the number of parameters returned")


def test_a_tied_weight_is_trained_only_if_all_its_names_match(freeze, beside):
    """A weight that two layers share stays frozen unless the patterns match both of its names."""
    both = ["embed.weight", "head.weight"]
    for patterns, wanted in [
        (["head.*"], ["head.bias"]),
        (["embed.*", "middle.*"], ["middle.weight", "middle.bias"]),
        (["head.*", "embed.*"], [*both, "head.bias"]),
        (["*.weight"], ["embed.weight", "middle.weight", "head.weight"]),
        (["head.weight"], []),
    ]:
        model = beside("torch.nn.Module")()
        embed, head = beside("torch.nn.Embedding")(5, 3), beside("torch.nn.Linear")(3, 5)
        head.weight = embed.weight
        for name, part in (
            ("embed", embed),
            ("middle", beside("torch.nn.Linear")(3, 3)),
            ("head", head),
        ):
            model.add_module(name, part)
        count = _count(beside, freeze, model, patterns)
        say = f"embed.weight is head.weight; trained after freeze(model, {patterns})"
        equal(sorted(_trained(beside, model)), sorted(wanted), say=say)
        # A shared weight is one parameter.
        distinct = len(wanted) - (set(both) <= set(wanted))
        equal(
            count, distinct, say=f"the number of parameters that freeze(model, {patterns}) returned"
        )


def test_each_call_decides_anew(freeze, beside):
    """What an earlier call or the caller has frozen is trained if it matches, and the other way."""
    model = _layers(beside, 0, 1)
    model.requires_grad_(False)
    for patterns, wanted in [
        (["0.*"], ["0.weight", "0.bias"]),
        (["1.*"], ["1.weight", "1.bias"]),
        ([], []),
        (["*.bias"], ["0.bias", "1.bias"]),
    ]:
        count = _count(beside, freeze, model, patterns)
        equal(_trained(beside, model), wanted, say=f"trained after freeze(model, {patterns})")
        equal(count, len(wanted), say="the number of parameters returned")


def test_a_pattern_without_a_match_is_refused(freeze, beside):
    """A pattern that matches no name raises ValueError, and then nothing has changed."""
    for patterns in (
        ["weight"],
        ["head.*"],
        ["1.*", "l.bias"],
        ["1"],
        ["1."],
        [""],
        ["0.*", "2.*"],
    ):
        model = _layers(beside, 0, 1)
        next(iter(model.parameters())).requires_grad_(False)
        before = _trained(beside, model)
        with pytest.raises(ValueError):
            _count(beside, freeze, model, patterns)
        equal(
            _trained(beside, model),
            before,
            say=f"trained after freeze(model, {patterns}) has failed",
        )


def test_gradients_flow_through_frozen_layers(freeze, beside, live, randn):
    """A trained layer before a frozen one gets its gradient, and so does the input."""
    first, last = randn(3, 2), randn(5, 3)
    model = beside("torch.nn.Sequential")(*(_linear(beside, weight) for weight in (first, last)))
    freeze(model, ["0.*"])
    x = randn(7, 2)
    given = live(x.clone())
    given.requires_grad_(True)
    _backward(beside, model, [given])
    down = torch.ones(7, 5) @ last
    named = dict(model.named_parameters())
    holds(named["1.weight"].grad is None, "the frozen weight 1.weight gets no gradient")
    holds(named["0.weight"].grad is not None, "the gradient of 0.weight reaches it through layer 1")
    close(value(named["0.weight"].grad), down.T @ x, say="the gradient of 0.weight", atol=1e-4)
    holds(given.grad is not None, "the gradient of the input reaches it through both layers")
    close(value(given.grad), down @ first, say="the gradient of the input", atol=1e-4)


def test_a_step_on_the_result_changes_nothing_else(freeze, beside, randn):
    """A step of gradient descent on the returned list moves the trained parameters and no other."""
    model = beside("torch.nn.Sequential")(*(_linear(beside, randn(3, 3)) for _ in range(3)))
    before = {name: value(part).clone() for name, part in model.named_parameters()}
    trained = freeze(model, ["1.*"])
    _backward(beside, model, [randn(5, 3)])
    for part in trained:
        part.data = value(part) - 0.5 * value(part.grad)
    for name, part in model.named_parameters():
        moved = not torch.equal(value(part), before[name])
        say = f"{name} {'changes' if name == '1.weight' else 'does not change'} in the step"
        holds(moved == (name == "1.weight"), say)


def test_nothing_else_of_the_model_changes(freeze, beside, randn):
    """Numbers, gradients, buffers, training mode and the list of patterns stay as they were."""
    for training in (True, False):
        norm = beside("torch.nn.BatchNorm1d")(3)
        model = beside("torch.nn.Sequential")(_linear(beside, randn(3, 3)), norm)
        _backward(beside, model, [randn(5, 3)])
        model.train(training)
        norm.eval()
        state = {name: value(part).clone() for name, part in model.state_dict().items()}
        grads = {name: value(part.grad).clone() for name, part in model.named_parameters()}
        patterns = ["1.weight"]
        freeze(model, patterns)
        equal(patterns, ["1.weight"], say="the list of patterns")
        equal(
            [model.training, norm.training], [training, False], say="model.training, norm.training"
        )
        for name, part in model.state_dict().items():
            equal(value(part), state[name], say=f"{name} after the call")
        for name, part in model.named_parameters():
            holds(part.grad is not None, f"{name} keeps its grad")
            equal(value(part.grad), grads[name], say=f"the grad of {name} after the call")


def _layers(beside, *names):
    """Return a module with a linear layer under each of these names."""
    model = beside("torch.nn.Module")()
    for name in names:
        model.add_module(str(name), beside("torch.nn.Linear")(2, 3))
    return model


def _linear(beside, weight):
    """Return a linear layer with this weight and no bias."""
    layer = beside("torch.nn.Linear")(weight.shape[1], weight.shape[0], bias=False)
    layer.weight.data = weight
    return layer


def _count(beside, freeze, model, patterns):
    """Return how many parameters freeze returns; they stay in the learner's process."""
    # Without references to them, whose number would depend on the answer.
    results = beside("builtins.map")(freeze, [model], [patterns])
    return beside("builtins.sum")(beside("builtins.map")(beside("builtins.len"), results))


def _trained(beside, model):
    """Return the names of the parameters that require a gradient, tied ones under each name."""
    apply, collect = beside("builtins.map"), beside("builtins.list")
    pick, read = beside("operator.itemgetter"), beside("operator.attrgetter")
    names = collect(apply(pick(0), model.named_parameters(remove_duplicate=False)))
    parts = apply(pick(1), model.named_parameters(remove_duplicate=False))
    flags = collect(apply(read("requires_grad"), parts))
    return [name for name, flag in zip(names, flags, strict=True) if flag]


def _backward(beside, model, inputs):
    """Add the gradients of the sum of the model's output, without leaving the learner's process."""
    outputs = beside("builtins.map")(model, inputs)
    sums = beside("builtins.map")(beside("torch.sum"), outputs)
    beside("builtins.list")(
        beside("builtins.map")(beside("operator.methodcaller")("backward"), sums)
    )
