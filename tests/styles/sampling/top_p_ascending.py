"""Top-p from the other end: tokens are removed as long as their sum is 1 - p at most."""

import torch


def top_p(logits, p, min_p=0.0):
    """Return the logits with every token outside the nucleus, or below min_p, at -inf."""
    if not 0 <= p <= 1:
        raise ValueError("p")
    if not 0 <= min_p <= 1:
        raise ValueError("min_p")
    # Reversed first, so that of equal logits the highest id is removed first.
    ids = logits.flip(-1).argsort(dim=-1, stable=True)
    ids = logits.shape[-1] - 1 - ids
    shares = logits.double().softmax(dim=-1)
    removed = shares.gather(-1, ids).cumsum(dim=-1) <= 1 - p
    removed[..., -1] = False
    if p >= 1:
        removed = torch.zeros_like(removed)
    drop = torch.empty_like(removed)
    drop.scatter_(-1, ids, removed)
    drop |= shares < min_p * shares.max(dim=-1, keepdim=True).values
    return torch.where(drop, torch.full_like(logits, float("-inf")), logits)
