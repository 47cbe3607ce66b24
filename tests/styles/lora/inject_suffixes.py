"""Injection by a table from every end of a path to its layers."""

from collections import defaultdict

from torch import nn

from exercises.lora.lora_linear import LoRALinear


def inject(model, targets, rank, alpha):
    """Adapt what targets name."""
    ends = defaultdict(set)
    for path, module in model.named_modules():
        if isinstance(module, LoRALinear):
            raise ValueError(f"{path} is adapted already")
        if isinstance(module, nn.Linear):
            names = path.split(".")
            for start in range(len(names)):
                ends[".".join(names[start:])].add(path)
    missing = set(targets) - set(ends)
    if missing or rank < 1:
        raise ValueError(f"these name nothing: {missing}, or the rank {rank} is bad")
    paths = set().union(*(ends[target] for target in targets))
    model.requires_grad_(False)
    for path in paths:
        *parents, name = path.split(".")
        place = model
        for parent in parents:
            place = getattr(place, parent)
        layer = LoRALinear(getattr(place, name), rank, alpha).train(place.training)
        setattr(place, name, layer)
    return len(paths)
