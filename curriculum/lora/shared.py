"""What the checks of LoRA on whole models have in common."""

import functools

from grader.checks import equal, value

LORA = "exercises.lora.lora_linear.LoRALinear"


def remember(beside):
    """Return a ``beside`` that asks for each object once, for the checks that ask for many."""
    return functools.cache(beside)


def nest(beside, parts):
    """Return a Sequential of these parts, by their names; a dict is a Sequential within it."""
    whole = beside("torch.nn.Sequential")()
    for name, part in parts.items():
        whole.add_module(name, nest(beside, part) if isinstance(part, dict) else part)
    return whole


def make_linear(beside, weight, bias=None):
    """Return a linear layer with this weight and bias, which lives beside the learner's code."""
    rows, columns = weight.shape
    layer = beside("torch.nn.Linear")(columns, rows, bias=bias is not None, dtype=weight.dtype)
    layer.weight.data = weight.clone()
    if bias is not None:
        layer.bias.data = bias.clone()
    return layer


def adapt(beside, layer, A, B, alpha):
    """Return a LoRALinear of this layer with these matrices."""
    adapted = beside(LORA)(layer, A.shape[0], alpha)
    fill(adapted, A, B)
    return adapted


def fill(layer, A, B):
    """Set the matrices of a LoRALinear."""
    layer.load_state_dict({"lora_A": A, "lora_B": B}, strict=False)


def list_names(beside, model):
    """Return the path of every module, in the model's order."""
    apply, pick = beside("builtins.map"), beside("operator.itemgetter")(0)
    return beside("builtins.list")(apply(pick, model.named_modules()))


def find(beside, model, kind):
    """Return the paths of the modules of this class, in the model's order."""
    # Without references to the modules, whose number would depend on the answer.
    apply, pick = beside("builtins.map"), beside("operator.itemgetter")(1)
    classes = beside("itertools.repeat")(beside(kind))
    flags = apply(beside("builtins.isinstance"), apply(pick, model.named_modules()), classes)
    flags = beside("builtins.list")(flags)
    return [name for name, flag in zip(list_names(beside, model), flags, strict=True) if flag]


def list_trained(beside, model):
    """Return the names of the parameters that require a gradient."""
    apply, collect = beside("builtins.map"), beside("builtins.list")
    names = collect(apply(beside("operator.itemgetter")(0), model.named_parameters()))
    flags = collect(apply(beside("operator.attrgetter")("requires_grad"), model.parameters()))
    return [name for name, flag in zip(names, flags, strict=True) if flag]


def claim_same(beside, got, want, say):
    """Claim that two are the same object."""
    equal(beside("operator.is_")(got, want), True, say=say)


def outline(beside, model):
    """Return the modules and the trained parameters, which a refused call must leave."""
    return {
        "the modules": list_names(beside, model),
        "the trained parameters": list_trained(beside, model),
    }


def describe(beside, model):
    """Return the outline and the numbers."""
    return {**outline(beside, model), "the numbers": value(model.state_dict())}


def claim_unchanged(beside, model, before, say):
    """Claim that the model is as ``outline`` or ``describe`` found it before."""
    after = (describe if "the numbers" in before else outline)(beside, model)
    for name, want in before.items():
        equal(after[name], want, say=f"{name} {say}")
