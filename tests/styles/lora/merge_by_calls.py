"""Merging by what the layer makes of the unit vectors."""

import torch
from torch import nn

from exercises.lora.lora_linear import LoRALinear


def merge(model, alpha):
    """Put plain layers in the place of the LoRA layers."""
    paths = [path for path, module in model.named_modules() if isinstance(module, LoRALinear)]
    if len(paths) == 0:
        raise ValueError("there is no LoRA layer")
    layers = {path: model.get_submodule(path) for path in paths}
    for path in paths:
        base = layers[path].base
        units = torch.eye(base.in_features, dtype=base.weight.dtype)
        with torch.no_grad():
            columns = layers[path](units)
            if base.bias is not None:
                columns = columns - base.bias
        plain = nn.Linear(
            base.in_features, base.out_features, base.bias is not None, dtype=base.weight.dtype
        )
        plain.load_state_dict(dict(base.state_dict(), weight=columns.T))
        model.set_submodule(path, plain.requires_grad_(False))
    return layers


def unmerge(model, layers):
    """Put the LoRA layers back."""
    linear = {path for path, module in model.named_modules() if isinstance(module, nn.Linear)}
    if set(layers) - linear:
        raise ValueError(f"no merged layers at {set(layers) - linear}")
    for path in layers:
        model.set_submodule(path, layers[path])
