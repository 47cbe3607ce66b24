# wrong: unmerge checks each path only when it comes to it | violates: then nothing has changed
"""Merge LoRA into the weights of a model, so that it costs nothing more, and undo it."""

import copy

import torch
from torch import nn

from exercises.lora.lora_linear import LoRALinear


def merged(layer: LoRALinear, alpha: float) -> nn.Linear:
    """A plain layer with a weight of its own."""
    new = copy.deepcopy(layer.base).requires_grad_(False)
    scale = alpha / layer.lora_B.shape[1]
    with torch.no_grad():
        for i, row in enumerate(layer.lora_B):
            new.weight[i] += scale * (row @ layer.lora_A)
    return new


def merge(model: nn.Module, alpha: float) -> dict[str, LoRALinear]:
    """Replace the LoRA layers of a model by plain linear layers that compute the same.

    Notation: the weight W of a base layer, of shape (out, in), the matrices A (``lora_A``), of
    shape (r, in), and B (``lora_B``), of shape (out, r). Layers may have different ranks r.

    Each ``LoRALinear`` of the model, at any depth, is replaced in the module that contains it by
    a new ``nn.Linear``, under the same name and in the same place of the order. The new layer has
    the weight

        W + (alpha / r) * B A

    of the shape and dtype of W, and the bias of the base layer, or none if that has none. So the
    names in ``model.state_dict()`` are again those that the model had before LoRA, and its outputs
    are those from before the call, up to rounding.

    The LoRA layers do not change, nor do their bases: no number in W, in the bias, in A or B. So
    neither does another module that shares W (a tied weight). Whether the new layer shares the
    base's bias or has a copy is your decision. All parameters of the new layer are frozen
    (``requires_grad`` is False). All other modules are the same objects as before, with their
    parameters and their mode (training or evaluation) as they were.

    Args:
        model: any module but a ``LoRALinear`` by itself; each module has one path only.
            ``ValueError`` if it contains no ``LoRALinear``, as after a first call.
        alpha: the one with which the LoRA layers were created; any float.

    Returns:
        A dict of the layers that were replaced, the ``LoRALinear`` objects themselves, in the order
        of ``model.named_modules()``. The key is the path, the name that is used there.

    >>> model = nn.Sequential(LoRALinear(nn.Linear(2, 3), rank=1, alpha=4.0), nn.Tanh())
    >>> layers = merge(model, alpha=4.0)
    >>> list(layers), list(model.state_dict())
    (['0'], ['0.weight', '0.bias'])

    Not to be used: a library for LoRA, such as peft. Source: Hu et al., LoRA, 2021, section 4.1,
    "No Additional Inference Latency".
    """
    taken = {}


    def walk(module, prefix):
        for name, child in list(module.named_children()):
            if isinstance(child, LoRALinear):
                taken[prefix + name] = child
                module._modules[name] = merged(child, alpha)
            else:
                walk(child, prefix + name + ".")


    walk(model, "")
    if not taken:
        raise ValueError("there is nothing to merge")
    return taken


def unmerge(model: nn.Module, layers: dict[str, LoRALinear]) -> None:
    """Put the LoRA layers back in the places from which ``merge`` has taken them.

    Afterwards each ``LoRALinear`` of ``layers``, itself and not a copy, is in the module that
    contained it, under the same name and in the same place of the order, and the merged layers are
    no longer in the model. So the model returns bit for bit what it returned before ``merge``, and
    A and B can be trained on. No number changes, nor which parameters are frozen.

    Args:
        model: the model that was given to ``merge``. ``ValueError`` if at one of the paths there
            is no ``nn.Linear``, as after a first call or in another model; then nothing has
            changed.
        layers: what ``merge`` has returned. It is not changed.

    >>> layer = LoRALinear(nn.Linear(2, 3), rank=1, alpha=4.0)
    >>> model = nn.Sequential(layer, nn.Tanh())
    >>> unmerge(model, merge(model, alpha=4.0))
    >>> model[0] is layer
    True
    """
    modules = dict(model.named_modules())
    for path in layers:
        if not isinstance(modules.get(path), nn.Linear) or isinstance(modules[path], LoRALinear):
            raise ValueError(f"no nn.Linear at {path!r}")
        *names, last = path.split(".")
        modules[".".join(names)]._modules[last] = layers[path]
