"""Flash attention with loops over sequences and heads, and tiles of keys outermost."""

import math

import torch


def flash(q, k, v, block=64):
    """One head at a time."""
    if block <= 0:
        raise ValueError("a tile needs a size")
    output = torch.empty_like(q)
    for b in range(q.shape[0]):
        for h in range(q.shape[1]):
            output[b, h] = _head(q[b, h], k[b, h], v[b, h], block)
    return output


def _head(q, k, v, block):
    tokens = len(q)
    peak = torch.full((tokens,), -math.inf, dtype=q.dtype)
    total, mix = torch.zeros(tokens, dtype=q.dtype), torch.zeros_like(q)
    for left in range(0, tokens, block):
        keys, values = k[left : left + block], v[left : left + block]
        for top in range(left, tokens, block):
            rows = slice(top, min(top + block, tokens))
            scores = q[rows] @ keys.T / math.sqrt(q.shape[1])
            if top == left:
                scores.masked_fill_(torch.ones_like(scores, dtype=torch.bool).triu(1), -math.inf)
            higher = torch.maximum(peak[rows], scores.max(dim=1).values)
            weights = torch.exp(scores - higher[:, None])
            shrink = torch.exp(peak[rows] - higher)
            total[rows] = total[rows] * shrink + weights.sum(dim=1)
            mix[rows] = mix[rows] * shrink[:, None] + weights @ values
            peak[rows] = higher
    return mix / total[:, None]
