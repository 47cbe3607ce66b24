"""Mixtures chosen by torch.multinomial, float64 inside."""

import random

import torch


def mixture_weights(sizes, alpha=1.0):
    """Shares by powers, taken through logarithms."""
    if not sizes or any(size <= 0 for size in sizes):
        raise ValueError("sizes are at least 1")
    logs = torch.tensor(sizes, dtype=torch.float64).log() * alpha
    return torch.softmax(logs, dim=0).tolist()


def mixture(sources, weights, count, seed):
    """Choose all sources at once, then walk through them."""
    if len(sources) != len(weights) or not weights:
        raise ValueError("a weight for each source")
    odds = torch.tensor(weights, dtype=torch.float64)
    if bool((odds < 0).any()) or float(odds.sum()) == 0:
        raise ValueError("weights are above 0, or 0 for some")
    for source, weight in zip(sources, weights, strict=True):
        if weight > 0 and len(source) == 0:
            raise ValueError("nothing to draw from")
    if count == 0:
        return []
    # PyTorch's generator on the CPU reads 32 bits of its seed; random's reads all.
    own = torch.Generator().manual_seed(random.Random(seed).getrandbits(32))
    chosen = torch.multinomial(odds, count, replacement=True, generator=own).tolist()
    at = dict.fromkeys(range(len(sources)), 0)
    items = []
    for i in chosen:
        items.append(sources[i][at[i]])
        at[i] = at[i] + 1 if at[i] + 1 < len(sources[i]) else 0
    return items
