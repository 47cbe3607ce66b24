# right: n2 inverse cdf
"""Generation with a KV cache: each step of a Llama computes its newest token alone."""

import inspect
import math

import torch

from exercises.embeddings.rope import rope
from exercises.kv_cache.cache import Cache
from exercises.model.llama import Llama


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
    if S + T > context:
        raise ValueError("no room in the cache")
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


def pick(logits, t, k, generator):
    """One token for each sequence, by the inverse of the distribution function."""
    if t == 0:
        return logits.argmax(dim=-1)
    logits = logits.double()
    best, which = logits.topk(min(k or logits.shape[-1], logits.shape[-1]), dim=-1)
    sums = ((best - best[:, :1]) / t).softmax(dim=-1).cumsum(dim=-1)
    u = torch.rand(len(logits), 1, generator=generator, dtype=torch.float64) * sums[:, -1:]
    place = (sums <= u).sum(dim=-1, keepdim=True).clamp(max=sums.shape[-1] - 1)
    return which.gather(-1, place)[:, 0]


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
    generator = torch.Generator().manual_seed(seed)
    ended = torch.zeros(ids.shape[0], dtype=torch.bool)
    text, new = ids.clone(), ids
    for _ in range(count):
        logits = extend(model, new, cache, padding, base=base)[:, -1]
        token = pick(logits, t, k, generator)
        if end is not None:
            token = token.masked_fill(ended, end)
            ended = ended | (token == end)
        new = token[:, None]
        text = torch.cat([text, new], dim=1)
        if ended.all():
            break
    return text
