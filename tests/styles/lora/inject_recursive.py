"""Injection by a walk through the children, with the path so far."""

from torch import nn

from exercises.lora.lora_linear import LoRALinear


def _walk(module, path=()):
    for name, child in module._modules.items():
        if child is not None:
            yield module, (*path, name), child
            yield from _walk(child, (*path, name))


def inject(model, targets, rank, alpha):
    """Adapt what targets name."""
    places = list(_walk(model))
    if isinstance(model, LoRALinear) or any(isinstance(p[2], LoRALinear) for p in places):
        raise ValueError("adapted already")
    if rank <= 0:
        raise ValueError("a rank is at least 1")
    wanted = [tuple(target.split(".")) for target in targets]
    hits = dict.fromkeys(wanted, 0)
    chosen = []
    for parent, path, child in places:
        if type(child) is not nn.Linear:
            continue
        fits = [own for own in wanted if path[-len(own) :] == own]
        for own in fits:
            hits[own] += 1
        if fits:
            chosen.append((parent, path[-1], child))
    if not all(hits.values()):
        raise ValueError("a target names nothing")
    for parameter in model.parameters():
        parameter.requires_grad = False
    for parent, name, child in chosen:
        parent._modules[name] = LoRALinear(child, rank, alpha)
    return len(chosen)
