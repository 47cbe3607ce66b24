"""The checks of merge and unmerge."""

import pytest
import torch

from grader.checks import close, equal, formed, holds, load_shared, value

shared = load_shared(__file__)
LINEAR = "torch.nn.Linear"
DOUBLE = torch.float64


def test_a_merged_weight_worked_by_hand(merge, beside):
    """W = [1 2], A = [1 1; 0 1], B = [2 1] and alpha 4 become the weight [5 8]; the bias stays."""
    beside = shared.remember(beside)
    base = shared.make_linear(beside, torch.tensor([[1.0, 2.0]]), torch.tensor([3.0]))
    A, B = torch.tensor([[1.0, 1.0], [0.0, 1.0]]), torch.tensor([[2.0, 1.0]])
    model = shared.nest(beside, {"only": shared.adapt(beside, base, A, B, 4.0)})
    merge(model, 4.0)
    equal(shared.find(beside, model, LINEAR), ["only"], say="the paths of the linear layers")
    layer = model.get_submodule("only")
    close(value(layer.weight), torch.tensor([[5.0, 8.0]]), say="W + 4 / 2 * [2 3]")
    close(value(layer.bias), torch.tensor([3.0]), say="the bias of the merged layer")
    close(model(torch.tensor([[1.0, 1.0]])), torch.tensor([[16.0]]), say="5 + 8 + 3")


def test_the_model_is_plain_again(merge, beside, randn):
    """No LoRA layer is left: the modules and the names in state_dict() are those from before."""
    beside = shared.remember(beside)
    model = _make_model(beside, randn, adapted=False)
    names, numbers = shared.list_names(beside, model), list(value(model.state_dict()))
    for number, path in enumerate(("blocks.0.up", "blocks.1.down", "head")):
        _adapt_at(beside, model, path, randn, rank=number + 1)
    merge(model, 3.0)
    equal(shared.find(beside, model, shared.LORA), [], say="the paths of the LoRA layers")
    equal(shared.list_names(beside, model), names, say="the paths of the modules, in order")
    equal(list(value(model.state_dict())), numbers, say="the names in state_dict()")
    linear = ["blocks.0.up", "blocks.0.down", "blocks.1.up", "blocks.1.down", "head"]
    equal(shared.find(beside, model, LINEAR), linear, say="the paths of the linear layers")


def test_the_outputs_stay(merge, beside, randn):
    """The merged model returns what the adapted one did, up to rounding, in both modes."""
    beside = shared.remember(beside)
    for dtype, alpha in ((torch.float32, 3.0), (DOUBLE, -0.7), (DOUBLE, 16)):
        model = _make_model(beside, randn, dtype, alpha)
        x = randn(2, 7, 3, dtype=dtype)
        before = value(model(x))
        merge(model, alpha)
        say = f"the output after merge(model, {alpha}), in {dtype}"
        for mode in (True, False):
            close(model.train(mode)(x), before, say=say, atol=1e-4, rtol=1e-4)


def test_the_weight_follows_the_formula(merge, beside, randn):
    """Each weight is W + alpha / r * B A, in its shape and dtype, in a layer of the same sizes."""
    beside = shared.remember(beside)
    for rows, columns, rank, alpha, dtype in (
        (5, 3, 2, 3.0, torch.float32),
        (3, 5, 1, 0.5, DOUBLE),
        (5, 5, 5, 2.0, DOUBLE),
        (3, 3, 2, -4.0, torch.float32),
        (2, 3, 7, 1.0, torch.float32),
        (1, 1, 1, 0.0, torch.float32),
        (5, 3, 2, 2.0, torch.bfloat16),
    ):
        for bias in (None, randn(rows, dtype=dtype)):
            weight = randn(columns, rows, dtype=dtype).T
            A, B = randn(rank, columns, dtype=dtype), randn(rows, rank, dtype=dtype)
            base = shared.make_linear(beside, weight, bias)
            model = shared.nest(beside, {"a": {"b": shared.adapt(beside, base, A, B, alpha)}})
            merge(model, alpha)
            equal(shared.find(beside, model, LINEAR), ["a.b"], say="the paths of the linear layers")
            layer = model.get_submodule("a.b")
            name = str(dtype).removeprefix("torch.")
            formed(value(layer.weight), f"{name} tensor {rows}x{columns}", "the merged weight")
            for attribute, count in (("in_features", columns), ("out_features", rows)):
                equal(value(getattr(layer, attribute)), count, say=f"{attribute} of the layer")
            W, P, Q = (number.to(DOUBLE) for number in (weight, B, A))
            want = (W + alpha / rank * P @ Q).to(dtype)
            say = f"the weight for W of shape ({rows}, {columns}), r = {rank}, alpha = {alpha}"
            half = {"atol": 0.1, "rtol": 0.05}  # of bfloat16, with room for its roundings
            exact = {"atol": 1e-5, "rtol": 1e-4}
            close(value(layer.weight), want, say=say, **(half if name == "bfloat16" else exact))
            if bias is None:
                holds(layer.bias is None, "a base without a bias gives a layer without one")
            else:
                equal(value(layer.bias), bias, say="the bias of the merged layer")


def test_each_layer_has_its_own_rank(merge, beside, randn):
    """In one model a layer of rank 1 and one of rank 5 are each divided by their own rank."""
    beside = shared.remember(beside)
    weights = [randn(3, 3, dtype=DOUBLE) for _ in range(3)]
    parts, want = {}, {}
    for name, weight, rank in zip("abc", weights, (1, 5, 2), strict=True):
        A, B = randn(rank, 3, dtype=DOUBLE), randn(3, rank, dtype=DOUBLE)
        base = shared.make_linear(beside, weight)
        parts[name] = shared.adapt(beside, base, A, B, 3.0)
        want[name] = weight + 3.0 / rank * B @ A
    model = shared.nest(beside, parts)
    merge(model, 3.0)
    equal(shared.find(beside, model, LINEAR), list("abc"), say="the paths of the linear layers")
    for name, weight in want.items():
        got = value(model.get_submodule(name).weight)
        close(got, weight, say=f"the weight of layer {name}", atol=1e-5, rtol=1e-4)


def test_the_base_never_changes(merge, unmerge, beside, randn):
    """No number of W, bias, A and B changes, nor a weight that is tied to W."""
    beside = shared.remember(beside)
    embed, head = beside("torch.nn.Embedding")(5, 3), shared.make_linear(beside, randn(5, 3))
    head.weight = embed.weight
    inner = shared.make_linear(beside, randn(3, 3), randn(3))
    layers = [shared.adapt(beside, inner, randn(2, 3), randn(3, 2), 3.0)]
    layers.append(shared.adapt(beside, head, randn(2, 3), randn(5, 2), 3.0))
    model = shared.nest(beside, {"embed": embed, "inner": layers[0], "head": layers[1]})
    before = [value(layer.state_dict()) for layer in layers]
    kept = merge(model, 3.0)
    equal(value(embed.weight), before[1]["base.weight"], say="the weight that is tied to a base's")
    for place in range(2):
        after = value(layers[place].state_dict())
        equal(after, before[place], say="the numbers of a LoRA layer and of its base after merge")
    model.get_submodule("inner").weight.data = randn(3, 3)
    model.get_submodule("head").weight.zero_()  # in place: the merged weight is new memory
    unmerge(model, kept)
    for place in range(2):
        after = value(layers[place].state_dict())
        say = "the numbers of a LoRA layer, after the merged weight was changed"
        equal(after, before[place], say=say)


def test_merged_parameters_are_frozen(merge, beside, randn):
    """The new weights and biases require no gradient; other parameters stay as they were."""
    beside = shared.remember(beside)
    for thawed in (True, False):
        model = _make_model(beside, randn)
        model.get_submodule("blocks.0.norm").requires_grad_(thawed)
        model.get_submodule("blocks.0.down").requires_grad_(False)
        merge(model, 3.0)
        wanted = [f"blocks.{n}.norm.{part}" for n in range(2) for part in ("weight", "bias")]
        wanted = [name for name in wanted if thawed or "1" in name]
        equal(
            shared.list_trained(beside, model),
            [*wanted, "blocks.1.up.weight", "blocks.1.up.bias"],
            say="the parameters that require a gradient after merge",
        )


def test_the_layers_are_returned_by_their_paths(merge, beside, randn):
    """The dict has each LoRALinear itself under its path, in the model's order."""
    beside = shared.remember(beside)
    model = _make_model(beside, randn)
    paths = shared.find(beside, model, shared.LORA)
    layers = {path: model.get_submodule(path) for path in paths}
    # The result stays in the learner's process, so that no reference to its entries is counted.
    apply, collect = beside("builtins.map"), beside("builtins.list")
    kept = beside("collections.deque")(apply(merge, [model], [3.0]))
    kinds = collect(apply(beside("builtins.isinstance"), kept, [beside("builtins.dict")]))
    equal(kinds, [True], say="whether merge() returned a dict")
    keys = beside("builtins.next")(apply(collect, kept))
    equal(keys, paths, say="the keys of the dict that merge() returned")
    for path, layer in layers.items():
        got = apply(beside("operator.itemgetter")(path), kept)
        same = collect(apply(beside("operator.is_"), got, [layer]))
        equal(same, [True], say=f"whether the value of {path} is the LoRALinear that was there")


def test_unmerge_puts_the_layers_back(merge, unmerge, beside, randn):
    """Afterwards the same LoRALinear objects are in their places, and the outputs are bit-equal."""
    beside = shared.remember(beside)
    for _ in range(2):
        model = _make_model(beside, randn)
        model.get_submodule("blocks.1.norm").requires_grad_(False)
        model.get_submodule("head").lora_A.requires_grad_(False)
        x, before = randn(7, 3), shared.describe(beside, model)
        output = value(model(x))
        paths = shared.find(beside, model, shared.LORA)
        layers = {path: model.get_submodule(path) for path in paths}
        for _ in range(2):
            kept = merge(model, 3.0)
            keys = list(kept)
            got = unmerge(model, kept)
            equal(got, None, say="what unmerge() returned")
            equal(list(kept), keys, say="the keys of the dict after unmerge")
            shared.claim_unchanged(beside, model, before, "after unmerge")
            for path, layer in layers.items():
                say = f"the module at {path} is the LoRALinear that was there before merge"
                shared.claim_same(beside, model.get_submodule(path), layer, say)
            equal(value(model(x)), output, say="the output after unmerge")


def test_training_goes_on_after_unmerge(merge, unmerge, beside, randn):
    """A and B that are changed after unmerge count in the outputs and in the next merge."""
    beside = shared.remember(beside)
    weight, alpha = randn(5, 3, dtype=DOUBLE), 3.0
    base = shared.make_linear(beside, weight)
    draw = {"dtype": DOUBLE}
    layer = shared.adapt(beside, base, randn(2, 3, **draw), randn(5, 2, **draw), alpha)
    model = shared.nest(beside, {"a": layer})
    unmerge(model, merge(model, alpha))
    A, B, x = randn(2, 3, **draw), randn(5, 2, **draw), randn(7, 3, **draw)
    shared.fill(layer, A, B)
    want, near = x @ (weight + 1.5 * B @ A).T, {"atol": 1e-4, "rtol": 1e-4}
    close(model(x), want, say="the output with the new A and B", **near)
    merge(model, alpha)
    close(model(x), want, say="the output after the next merge", **near)


def test_a_model_without_lora_is_refused(merge, beside, randn):
    """Merging twice, or a model without a LoRALinear, raises ValueError; nothing changes."""
    beside = shared.remember(beside)
    model = _make_model(beside, randn)
    merge(model, 3.0)
    for one in (model, _make_model(beside, randn, adapted=False)):
        before = shared.describe(beside, one)
        with pytest.raises(ValueError):
            merge(one, 3.0)
        shared.claim_unchanged(beside, one, before, "after merge was refused")


def test_unmerging_twice_is_refused(merge, unmerge, beside, randn):
    """Where a path has no linear layer, unmerge raises ValueError, and nothing has changed."""
    beside = shared.remember(beside)
    model = _make_model(beside, randn)
    layers = merge(model, 3.0)
    unmerge(model, layers)
    _refuse(unmerge, beside, model, layers, "after a second unmerge was refused")
    other = _make_model(beside, randn, adapted=False)
    other.add_module("head", beside("torch.nn.Tanh")())
    _refuse(unmerge, beside, other, layers, "after unmerge was refused for another model")
    short = shared.nest(beside, {"blocks": {"0": {"up": beside(LINEAR)(3, 5)}}})
    _refuse(unmerge, beside, short, layers, "after unmerge was refused for a model without paths")


def test_the_rest_of_the_model_stays(merge, unmerge, beside, randn):
    """Other modules are the same objects, with their numbers, gradients and mode."""
    beside = shared.remember(beside)
    for training in (True, False):
        model = _make_model(beside, randn).train(training)
        norm = model.get_submodule("blocks.0.norm").train(not training)
        number, slope = randn(3), randn(3)
        norm.weight.data, norm.weight.grad = number.clone(), slope.clone()
        layers = merge(model, 3.0)
        for moment in ("merge", "unmerge"):
            got = model.get_submodule("blocks.0.norm")
            shared.claim_same(beside, got, norm, f"blocks.0.norm after {moment} is as before")
            modes = [model.training, norm.training, model.get_submodule("blocks.1").training]
            equal(modes, [training, not training, training], say=f"the modes after {moment}")
            equal(value(norm.weight), number, say=f"blocks.0.norm.weight after {moment}")
            equal(value(norm.weight.grad), slope, say=f"its gradient after {moment}")
            if moment == "merge":
                unmerge(model, layers)


def _make_model(beside, randn, dtype=torch.float32, alpha=3.0, adapted=True):
    """Return a model of two blocks and a head, in which three layers have LoRA if adapted."""
    linear, norm = beside(LINEAR), beside("torch.nn.LayerNorm")
    block = {
        str(n): {
            "norm": norm(3, dtype=dtype),
            "up": linear(3, 5, dtype=dtype),
            "act": beside("torch.nn.Tanh")(),
            "down": linear(5, 3, bias=False, dtype=dtype),
        }
        for n in range(2)
    }
    model = shared.nest(beside, {"blocks": block, "head": linear(3, 7, dtype=dtype)})
    if adapted:
        for path, rank in (("blocks.0.up", 1), ("blocks.0.down", 2), ("blocks.1.down", 3)):
            _adapt_at(beside, model, path, randn, rank, dtype, alpha)
        _adapt_at(beside, model, "head", randn, 2, dtype, alpha)
    return model


def _adapt_at(beside, model, path, randn, rank, dtype=torch.float32, alpha=3.0):
    """Put a LoRALinear with random A and B in the place of the layer at this path."""
    parent, _, name = path.rpartition(".")
    base = model.get_submodule(path)
    A = randn(rank, base.in_features, dtype=dtype)
    B = randn(base.out_features, rank, dtype=dtype)
    layer = shared.adapt(beside, base, A, B, alpha)
    model.get_submodule(parent).add_module(name, layer)


def _refuse(unmerge, beside, model, layers, say):
    """Claim that unmerge raises ValueError, and that the model is as it was."""
    before = shared.describe(beside, model)
    with pytest.raises(ValueError):
        unmerge(model, layers)
    shared.claim_unchanged(beside, model, before, say)
