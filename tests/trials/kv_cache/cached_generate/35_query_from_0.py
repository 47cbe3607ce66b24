# wrong: RoPE of the query starts at 0, that of the key at S | violates: new token i is token S + i
"""Generation with a KV cache."""

import inspect
import math

import torch
from torch import nn

from exercises.embeddings.rope import rope
from exercises.kv_cache.cache import Cache
from exercises.model.llama import Llama
from exercises.sampling.generate import generate


def rotate(x, start, base):
    """RoPE from position ``start`` on."""
    if "start" in inspect.signature(rope).parameters:
        return rope(x, start=start, base=base)
    front = x.new_zeros(*x.shape[:-2], start, x.shape[-1])
    return rope(torch.cat([front, x], dim=-2), base=base)[..., start:, :]


@torch.no_grad()
def extend(
    model: Llama,
    ids: torch.Tensor,
    cache: Cache,
    padding: torch.Tensor | None = None,
    *,
    base: float = 10000.0,
) -> torch.Tensor:
    start, new, head = len(cache), ids.shape[1], cache.keys.shape[4]
    rows = torch.arange(start, start + new)[:, None]
    columns = torch.arange(start + new)
    allowed = (columns <= rows)[None, None]
    if padding is not None:
        allowed = allowed & (columns >= padding[:, None, None, None])
        allowed = allowed | (columns == rows)  # padding reads itself, against NaN
    x = model.tokens(ids)
    for layer, block in enumerate(model.blocks):
        attention = block.attention
        h = block.norm1(x)
        q, k, v = (
            linear(h).unflatten(-1, (-1, head)).transpose(1, 2)
            for linear in (attention.query, attention.key, attention.value)
        )
        q = rotate(q, 0, base)
        k = rotate(k, start, base)
        keys, values = cache.append(layer, k, v)
        group = q.shape[1] // keys.shape[1]
        keys = keys.repeat_interleave(group, dim=1)
        values = values.repeat_interleave(group, dim=1)
        scores = q @ keys.transpose(-1, -2) / math.sqrt(head)
        weights = scores.masked_fill(~allowed, -math.inf).softmax(dim=-1)
        x = x + attention.out((weights @ values).transpose(1, 2).flatten(2))
        x = x + block.feed_forward(block.norm2(x))
    return model.norm(x) @ model.tokens.weight.T


class Cached(nn.Module):
    """A model for ``generate`` that computes only what its cache does not hold yet."""

    def __init__(self, model, cache, padding, base):
        super().__init__()
        self.model, self.cache, self.padding, self.base = model, cache, padding, base

    def forward(self, ids):
        return extend(self.model, ids[:, len(self.cache) :], self.cache, self.padding, base=self.base)


def cached_generate(
    model: Llama,
    ids: torch.Tensor,
    count: int,
    cache: Cache,
    *,
    padding: torch.Tensor | None = None,
    t: float = 1.0,
    k: int | None = None,
    end: int | None = None,
    seed: int = 0,
    base: float = 10000.0,
) -> torch.Tensor:
    length = ids.shape[1] + count
    cached = Cached(model, cache, padding, base)
    return generate(cached, ids, count, context=length, t=t, k=k, end=end, seed=seed)
