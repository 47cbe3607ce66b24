# right: past and new tokens attended to apart and merged as in flash attention, the cache filled by slices
import math

import torch


def append(past, new):
    """Copy both into a fresh tensor."""
    s, t = past.shape[2], new.shape[2]
    out = new.new_empty((*new.shape[:2], s + t, new.shape[3]))
    out[:, :, :s] = past
    out[:, :, s:] = new
    return out


def partial(q, k, v, mask=None):
    """The sums of softmax without the division, and the maximum that was subtracted."""
    scores = (q / math.sqrt(q.shape[-1])) @ k.mT
    if mask is not None:
        scores = torch.where(mask, scores, torch.full_like(scores, -math.inf))
    top = scores.max(dim=-1, keepdim=True).values
    weights = torch.exp(scores - top)
    return weights @ v, weights.sum(dim=-1, keepdim=True), top


def cached_attention(q, k, v, cache=None):
    """Causal attention for the new tokens, and the cache for the next call."""
    T = q.shape[2]
    mask = torch.ones(T, T, dtype=torch.bool, device=q.device).tril()
    numerator, denominator, top = partial(q, k, v, mask)
    if cache is None:
        return numerator / denominator, (k, v)
    if cache[0].shape[2] > 0:
        numerator2, denominator2, top2 = partial(q, cache[0], cache[1])
        new_top = torch.maximum(top, top2)
        a, b = torch.exp(top - new_top), torch.exp(top2 - new_top)
        numerator = a * numerator + b * numerator2
        denominator = a * denominator + b * denominator2
    return numerator / denominator, (append(cache[0], k), append(cache[1], v))
