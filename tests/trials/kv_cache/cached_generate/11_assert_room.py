# wrong: a full cache is found by an assert | violates: ValueError: the cache has no room for T more tokens
"""Generation with a KV cache: each step of a Llama computes its newest token alone."""

import inspect
import math

import torch
from torch import nn

from exercises.embeddings.rope import rope
from exercises.kv_cache.cache import Cache
from exercises.model.llama import Llama
from exercises.sampling.generate import generate


def turn(x, start, base):
    """RoPE for tokens at positions start, start + 1, ..."""
    if "start" in inspect.signature(rope).parameters:
        return rope(x, base=base, start=start)
    blank = torch.zeros_like(x[..., :1, :]).expand(*x.shape[:-2], start, x.shape[-1])
    return rope(torch.cat([blank, x], dim=-2), base=base)[..., start:, :]


@torch.no_grad()
def extend(
    model: Llama,
    ids: torch.Tensor,
    cache: Cache,
    padding: torch.Tensor | None = None,
    *,
    base: float = 10000.0,
) -> torch.Tensor:
    _, B, K, context, D = cache.keys.shape
    S, T = len(cache), ids.shape[1]
    assert S + T <= context, "no room in the cache"
    i = torch.arange(S, S + T).view(1, 1, T, 1)
    j = torch.arange(S + T).view(1, 1, 1, S + T)
    mask = j <= i
    if padding is not None:
        mask = (mask & (j >= padding.view(B, 1, 1, 1))) | (i == j)
    x = model.tokens(ids)
    for l, block in enumerate(model.blocks):
        a = block.attention
        h = block.norm1(x)
        q = a.query(h).view(B, T, -1, D).transpose(1, 2)
        k = a.key(h).view(B, T, K, D).transpose(1, 2)
        v = a.value(h).view(B, T, K, D).transpose(1, 2)
        q, k = turn(q, S, base), turn(k, S, base)
        k, v = cache.append(l, k, v)
        H = q.shape[1]
        k = k.repeat_interleave(H // K, dim=1)
        v = v.repeat_interleave(H // K, dim=1)
        scores = q @ k.mT / math.sqrt(D)
        scores = scores.masked_fill(~mask, float("-inf"))
        weights = scores.softmax(dim=-1)
        o = (weights @ v).transpose(1, 2).reshape(B, T, H * D)
        x = x + a.out(o)
        x = x + block.feed_forward(block.norm2(x))
    return model.norm(x) @ model.tokens.weight.T


class Incremental(nn.Module):
    """Looks like a model to ``generate``, gives ``extend`` the tokens that are not cached."""

    def __init__(self, step, cache):
        super().__init__()
        self.step, self.cache = step, cache

    def forward(self, ids):
        return self.step(ids[:, len(self.cache) :])


def cached_generate(
    model: Llama,
    ids: torch.Tensor,
    count: int,
    cache: Cache,
    *,
    padding: torch.Tensor | None = None,
    base: float = 10000.0,
    t: float = 1.0,
    k: int | None = None,
    end: int | None = None,
    seed: int = 0,
) -> torch.Tensor:
    def step(new):
        return extend(model, new, cache, padding, base=base)

    incremental = Incremental(step, cache)
    return generate(incremental, ids, count, context=ids.shape[1] + count, t=t, k=k, end=end, seed=seed)
