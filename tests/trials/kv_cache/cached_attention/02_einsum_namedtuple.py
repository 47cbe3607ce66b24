# right: einsum with an own softmax, positions compared, the cache a NamedTuple
from typing import NamedTuple

import torch


class KV(NamedTuple):
    keys: torch.Tensor
    values: torch.Tensor


def cached_attention(q, k, v, cache=None):
    """Causal attention for the new tokens, and the cache for the next call."""
    if cache is None:
        kv = KV(k.clone(), v.clone())
    else:
        kv = KV(*(torch.cat(pair, dim=-2) for pair in zip(cache, (k, v))))
    total = kv.keys.shape[-2]
    past = total - q.shape[-2]
    key_pos = torch.arange(total, device=q.device)
    query_pos = key_pos[past:]
    scores = torch.einsum("bhtd,bhsd->bhts", q, kv.keys)
    scores = scores / torch.sqrt(torch.tensor(q.shape[-1], dtype=q.dtype, device=q.device))
    bias = torch.zeros(q.shape[-2], total, dtype=q.dtype, device=q.device)
    bias.masked_fill_(key_pos[None, :] > query_pos[:, None], -torch.inf)
    scores = scores + bias
    weights = (scores - scores.amax(dim=-1, keepdim=True)).exp()
    weights = weights / weights.sum(dim=-1, keepdim=True)
    return torch.einsum("bhts,bhsd->bhtd", weights, kv.values), kv
