"""The checks of inject."""

import pytest
import torch

from grader.checks import close, equal, formed, holds, load_shared, value

shared = load_shared(__file__)
NAMES = ("up", "blocks.0.up", "blocks.0.warmup", "blocks.0.down", "blocks.10.up", "down.up", "d+n")
"""The linear layers of a model in which many paths are alike."""


def test_the_named_layers_are_replaced_at_any_depth(inject, beside):
    """With the target up, both layers blocks.*.up become a LoRALinear, and 2 is returned."""
    beside = shared.remember(beside)
    model = _make_model(beside)
    linear = shared.find(beside, model, "torch.nn.Linear")
    got = inject(model, ["up"], 2, 4.0)
    wanted = ["blocks.0.up", "blocks.1.up"]
    equal(shared.find(beside, model, shared.LORA), wanted, say="the paths of the LoRA layers")
    equal(
        shared.find(beside, model, "torch.nn.Linear"),
        [f"{path}.base" if path in wanted else path for path in linear],
        say="the paths of the linear layers; the old ones are the bases",
    )
    formed(got, "int", "what inject() returned")
    equal(got, 2, say="the number of layers that were replaced")


def test_the_model_returns_bit_for_bit_what_it_returned_before(inject, beside, randint):
    """Before any training the adapted model's output is the base's, bit for bit."""
    beside = shared.remember(beside)
    ids = randint(0, 11, 2, 7)
    for targets in (["up"], ["down", "head"], ["blocks.0.up", "1.down", "1.up"]):
        for mode in (True, False):
            model = _make_model(beside).train(mode)
            before = value(model(ids))
            inject(model, targets, 2, 4.0)
            equal(value(model(ids)), before, say=f"the output after inject(model, {targets}, ...)")


def test_a_target_names_whole_parts_of_a_path(inject, beside):
    """up names blocks.0.up and not blocks.0.warmup; 0.up names blocks.0.up and not blocks.10.up."""
    beside = shared.remember(beside)
    template = _make_paths(beside)
    for targets, wanted in (
        (["blocks.0.up"], ["blocks.0.up"]),
        (["down"], ["blocks.0.down"]),
        (["up"], ["up", "blocks.0.up", "blocks.10.up", "down.up"]),
        (["0.up"], ["blocks.0.up"]),
        (["10.up"], ["blocks.10.up"]),
        (["down.up", "warmup"], ["blocks.0.warmup", "down.up"]),
        (["down", "blocks.0.down"], ["blocks.0.down"]),
        (["up", "0.up", "down"], ["up", "blocks.0.up", "blocks.0.down", "blocks.10.up", "down.up"]),
        (["d+n"], ["d+n"]),
    ):
        model, given = beside("copy.deepcopy")(template), list(targets)
        got = inject(model, given, 1, 1.0)
        say = f"the paths of the LoRA layers after inject(model, {targets}, 1, 1.0)"
        equal(shared.find(beside, model, shared.LORA), wanted, say=say)
        equal(got, len(wanted), say=f"the number of layers replaced for {targets}")
        equal(given, targets, say="the list of targets")


def test_everything_but_the_matrices_is_frozen(inject, beside):
    """Only lora_A and lora_B require a gradient: no norm, no embedding, no other linear layer."""
    beside = shared.remember(beside)
    for targets, paths in (
        (["up"], ["blocks.0.up", "blocks.1.up"]),
        (["head"], ["head"]),
        (["0.down", "0.up"], ["blocks.0.up", "blocks.0.down"]),
    ):
        model = _make_model(beside)
        model.get_submodule("blocks.0").requires_grad_(False)  # whatever they were before
        model.add_module("lora_out", beside("torch.nn.Linear")(7, 2))
        inject(model, targets, 2, 4.0)
        wanted = [f"{path}.{part}" for path in paths for part in ("lora_A", "lora_B")]
        say = f"the parameters that require a gradient after inject(model, {targets}, 2, 4.0)"
        equal(sorted(shared.list_trained(beside, model)), sorted(wanted), say=say)


def test_the_base_is_the_layer_itself(inject, beside, randn):
    """The base of a LoRA layer is the layer that it replaces, also where its weight is tied."""
    beside = shared.remember(beside)
    embed, head = beside("torch.nn.Embedding")(5, 3), shared.make_linear(beside, randn(5, 3))
    head.weight = embed.weight
    inner = shared.make_linear(beside, randn(3, 3), randn(3))
    model = shared.nest(beside, {"embed": embed, "block": {"inner": inner}, "head": head})
    inject(model, ["inner", "head"], 2, 4.0)
    for path, layer in (("block.inner", inner), ("head", head)):
        got = model.get_submodule(f"{path}.base")
        shared.claim_same(beside, got, layer, f"{path}.base is the layer that was at {path}")
    got = model.get_submodule("head").base.weight
    say = "head.base.weight is still embed.weight, as head.weight was"
    shared.claim_same(beside, got, embed.weight, say)


def test_rank_and_alpha_reach_every_layer(inject, beside, randn):
    """Each new layer has the rank, and its update is multiplied by alpha / rank."""
    beside = shared.remember(beside)
    for rank, alpha in ((1, 3.0), (2, 5.0), (7, 0.5)):
        first, last = randn(5, 3, dtype=torch.float64), randn(2, 5, dtype=torch.float64)
        parts = {str(n): shared.make_linear(beside, w) for n, w in enumerate((first, last))}
        model = shared.nest(beside, {"a": parts})
        inject(model, ["0", "1"], rank, alpha)
        x = randn(7, 3, dtype=torch.float64)
        want = x
        for name, weight in (("a.0", first), ("a.1", last)):
            layer = model.get_submodule(name)
            rows, columns = weight.shape
            formed(value(layer.lora_A), f"float64 tensor {rank}x{columns}", f"{name}.lora_A")
            formed(value(layer.lora_B), f"float64 tensor {rows}x{rank}", f"{name}.lora_B")
            A = randn(rank, columns, dtype=torch.float64)
            B = randn(rows, rank, dtype=torch.float64)
            shared.fill(layer, A, B)
            want = want @ (weight + alpha / rank * B @ A).T
        say = f"the output with rank {rank} and alpha {alpha}, and A and B set"
        close(model(x), want, say=say, atol=1e-4, rtol=1e-4)


def test_each_layer_has_matrices_of_its_own(inject, beside, randn):
    """Layers of the same shape start with different A, and a change of one changes no other."""
    beside = shared.remember(beside)
    parts = {str(n): beside("torch.nn.Linear")(3, 3) for n in range(3)}
    model = shared.nest(beside, parts)
    inject(model, ["0", "1", "2"], 2, 4.0)
    layers = [model.get_submodule(str(n)) for n in range(3)]
    for n, m in ((0, 1), (0, 2), (1, 2)):
        same = torch.equal(value(layers[n].lora_A), value(layers[m].lora_A))
        holds(not same, f"layers {n} and {m} start with different random A")
    A, B = randn(2, 3), randn(3, 2)
    kept = value(layers[0].lora_A)
    shared.fill(layers[1], A, B)
    equal(value(layers[0].lora_A), kept, say="A of layer 0, after that of layer 1 was changed")
    for n in (0, 2):
        equal(value(layers[n].lora_B), torch.zeros(3, 2), say=f"B of layer {n}")


def test_training_moves_the_matrices_alone(inject, beside, randint):
    """Steps of gradient descent change A, B and the output, and no number of the base."""
    beside = shared.remember(beside)
    ids = randint(0, 11, 3, 5)
    model = _make_model(beside)
    before, output = value(model.state_dict()), value(model(ids))
    inject(model, ["up", "down"], 2, 4.0)
    optimizer = beside("torch.optim.SGD")(model.parameters(), lr=0.1, weight_decay=0.1)
    for _ in range(2):  # in the first step only B moves, as B is zero
        _backward(beside, model, [ids])
        optimizer.step()
    after = value(model.state_dict())
    for name, number in before.items():
        path, _, kind = name.rpartition(".")
        name = name if name in after else f"{path}.base.{kind}"
        equal(after.get(name), number, say=f"{name} after two steps of SGD")
    for name, number in after.items():
        if name.endswith(".lora_B"):
            holds(bool(number.any()), f"{name} has moved away from zero")
    holds(not torch.equal(value(model(ids)), output), "the output has changed after two steps")


def test_nothing_else_of_the_model_changes(inject, beside, randint):
    """Other modules, their order, numbers, gradients and mode stay as they were."""
    beside = shared.remember(beside)
    for training in (True, False):
        model = _make_model(beside).train(training)
        _backward(beside, model, [randint(0, 11, 3, 5)])
        norm = model.get_submodule("blocks.0.norm").train(not training)
        names, before = shared.list_names(beside, model), value(model.state_dict())
        grads = {name: value(part.grad) for name, part in model.named_parameters()}
        inject(model, ["up"], 2, 4.0)
        after = [n for n in shared.list_names(beside, model) if not n.endswith(".base")]
        equal(after, names, say="the paths of the modules, in order, without the bases")
        got = model.get_submodule("blocks.0.norm")
        shared.claim_same(beside, got, norm, "blocks.0.norm is the module that it was")
        modes = [model.training, norm.training, model.get_submodule("head").training]
        equal(modes, [training, not training, training], say="the modes of model, norm and head")
        numbers = {n.replace(".base.", "."): t for n, t in value(model.state_dict()).items()}
        parts = {n.replace(".base.", "."): part for n, part in model.named_parameters()}
        for name, number in before.items():
            equal(numbers.get(name), number, say=f"{name} after the call")
            holds(parts[name].grad is not None, f"{name} keeps its grad")
            equal(value(parts[name].grad), grads[name], say=f"the grad of {name} after the call")


def test_a_second_call_is_refused(inject, beside):
    """A model with a LoRALinear raises ValueError, whatever the targets; nothing changes."""
    beside = shared.remember(beside)
    for targets in (["up"], ["down"], ["base"], ["up.base", "head"]):
        model = _make_model(beside)
        inject(model, ["up"], 2, 4.0)
        model.get_submodule("head").requires_grad_(True)
        _refuse(inject, beside, model, targets, 2, "after a second call was refused")


def test_a_target_without_a_linear_layer_is_refused(inject, beside):
    """One target that names no linear layer raises ValueError, and nothing changes."""
    beside = shared.remember(beside)
    model = _make_paths(beside)
    model.get_submodule("down").requires_grad_(False)
    for targets in (
        ["p"],
        ["blocks.0"],
        ["blocks"],
        ["0"],
        ["locks.0.up"],
        [".up"],
        ["up."],
        ["up.blocks"],
        ["UP"],
        ["*.up"],
        ["*"],
        [".*up"],
        ["blocks?0?up"],
        ["d.n"],
        [""],
        ["up", "query"],
        ["query", "up"],
    ):
        _refuse(inject, beside, model, targets, 1, f"after the targets {targets} were refused")
    model = _make_model(beside)
    for targets in (["norm"], ["up", "embed"]):
        _refuse(inject, beside, model, targets, 1, f"after the targets {targets} were refused")


def test_a_rank_below_one_is_refused(inject, beside):
    """The ranks 0 and -1 raise ValueError, and nothing changes."""
    beside = shared.remember(beside)
    model = _make_model(beside)
    for rank in (0, -1):
        _refuse(inject, beside, model, ["up"], rank, f"after the rank {rank} was refused")


def _make_model(beside):
    """Return a model with an embedding, two blocks of a norm and two layers, and a head."""
    linear, tanh = beside("torch.nn.Linear"), beside("torch.nn.Tanh")
    block = {
        str(n): {
            "norm": beside("torch.nn.LayerNorm")(3),
            "up": linear(3, 5),
            "act": tanh(),
            "down": linear(5, 3, bias=False),
        }
        for n in range(2)
    }
    embed = beside("torch.nn.Embedding")(11, 3)
    return shared.nest(beside, {"embed": embed, "blocks": block, "head": linear(3, 7)})


def _make_paths(beside):
    """Return a model, not to be called, whose linear layers have the paths NAMES."""
    parts: dict = {}
    for path in NAMES:
        *parents, name = path.split(".")
        place = parts
        for parent in parents:
            place = place.setdefault(parent, {})
        place[name] = beside("torch.nn.Linear")(2, 3)
    return shared.nest(beside, parts)


def _refuse(inject, beside, model, targets, rank, say):
    """Claim that the call raises ValueError, and that the model is as it was."""
    before = shared.outline(beside, model)
    with pytest.raises(ValueError):
        inject(model, targets, rank, 4.0)
    shared.claim_unchanged(beside, model, before, say)


def _backward(beside, model, inputs):
    """Add the gradients of the sum of the model's squared outputs, in the learner's process."""
    squares = beside("builtins.map")(beside("torch.square"), beside("builtins.map")(model, inputs))
    sums = beside("builtins.map")(beside("torch.sum"), squares)
    backward = beside("operator.methodcaller")("backward")
    beside("builtins.list")(beside("builtins.map")(backward, sums))
