"""Attention with a KV cache, into buffers that are filled in place, by einsum."""

import torch


def cached_attention(q, k, v, cache=None):
    """Compute causal attention for new tokens that follow past ones."""
    B, H, T, D = q.shape
    S = 0 if cache is None else cache[0].shape[2]
    keys, values = (torch.empty(B, H, S + T, D, dtype=q.dtype) for _ in range(2))
    if cache is not None:
        keys[:, :, :S], values[:, :, :S] = cache
    keys[:, :, S:], values[:, :, S:] = k, v
    scores = torch.einsum("bhtd,bhsd->bhts", q, keys) / D**0.5
    later = torch.arange(S + T)[None, :] > torch.arange(S, S + T)[:, None]
    scores.masked_fill_(later, -torch.inf)
    weights = torch.softmax(scores, dim=-1)
    return torch.einsum("bhts,bhsd->bhtd", weights, values), (keys, values)
