"""Merging by a sum of outer products, in float64."""

import torch
from torch import nn

from exercises.lora.lora_linear import LoRALinear


class _Merged(nn.Linear):
    """A linear layer that is given its parameters."""

    def __init__(self, weight, bias):
        super().__init__(1, 1, bias=bias is not None, dtype=weight.dtype)
        self.out_features, self.in_features = weight.shape
        self.weight = nn.Parameter(weight, requires_grad=False)
        if bias is not None:
            self.bias = nn.Parameter(bias, requires_grad=False)


def _sum(layer, alpha):
    A, B = layer.lora_A.detach().double(), layer.lora_B.detach().double()
    total = layer.base.weight.detach().double().clone()
    for i in range(A.shape[0]):
        total += alpha * torch.outer(B[:, i], A[i]) / A.shape[0]
    return total.to(layer.base.weight.dtype)


def _find_parent(model, path):
    for name in path.split(".")[:-1]:
        model = getattr(model, name)
    return model


def merge(model, alpha):
    """Put plain layers in the place of the LoRA layers."""
    layers = {}
    for path, module in list(model.named_modules()):
        if isinstance(module, LoRALinear):
            layers[path] = module
            bias = None if module.base.bias is None else module.base.bias.detach().clone()
            parent = _find_parent(model, path)
            setattr(parent, path.split(".")[-1], _Merged(_sum(module, alpha), bias))
    if not layers:
        raise ValueError("no LoRA layer")
    return layers


def unmerge(model, layers):
    """Put the LoRA layers back."""
    try:
        merged = [isinstance(model.get_submodule(path), nn.Linear) for path in layers]
    except AttributeError as error:
        raise ValueError("another model") from error
    if not all(merged):
        raise ValueError("not merged")
    for path, layer in layers.items():
        setattr(_find_parent(model, path), path.split(".")[-1], layer)
