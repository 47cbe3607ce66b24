"""Merging into copies of the bases, and unmerging by a walk."""

import copy

import torch

from exercises.lora.lora_linear import LoRALinear


def _visit(module, path=""):
    for name, child in list(module.named_children()):
        yield module, name, path + name, child
        if not isinstance(child, LoRALinear):
            yield from _visit(child, f"{path}{name}.")


def merge(model, alpha):
    """Put plain layers in the place of the LoRA layers."""
    places = [place for place in _visit(model) if isinstance(place[3], LoRALinear)]
    if not places:
        raise ValueError("nothing to merge")
    layers = {}
    for parent, name, path, layer in places:
        plain = copy.deepcopy(layer.base)
        with torch.no_grad():
            scale = alpha / layer.lora_A.size(0)
            plain.weight.addmm_(layer.lora_B, layer.lora_A, alpha=scale)
        setattr(parent, name, plain)
        layers[path] = layer
    return layers


def unmerge(model, layers):
    """Put the LoRA layers back."""
    places = {path: (parent, name, child) for parent, name, path, child in _visit(model)}
    found = []
    for path, layer in layers.items():
        parent, name, child = places.get(path, (None, None, None))
        if type(child) is not torch.nn.Linear:
            raise ValueError(f"nothing was merged at {path}")
        found.append((parent, name, layer))
    for parent, name, layer in found:
        parent._modules[name] = layer
