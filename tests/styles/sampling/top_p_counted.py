"""Top-p by numbers: how many tokens each row keeps, compared with each token's rank."""

import math

import torch


def top_p(logits, p, min_p=0.0):
    """Return the logits with every token outside the nucleus, or below min_p, at -inf."""
    if min(p, min_p) < 0 or max(p, min_p) > 1:
        raise ValueError((p, min_p))
    ranked, ids = torch.sort(logits, dim=-1, descending=True, stable=True)
    rank = ids.argsort(dim=-1)
    weights = (ranked - ranked[..., :1]).exp()
    sums = weights.cumsum(-1) / weights.sum(-1, keepdim=True)
    many = (sums < p).sum(-1, keepdim=True) + 1 if p < 1 else logits.shape[-1]
    keep = rank < many
    if min_p:
        keep &= logits >= ranked[..., :1] + math.log(min_p)
    return logits.masked_fill(keep.logical_not(), -math.inf)
