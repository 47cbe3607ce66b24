# wrong: a pass over the last token that nobody reads | violates: n steps are n passes, of T, 1, 1, ... tokens
"""Generation with a KV cache."""

import inspect
import math

import torch

from exercises.embeddings.rope import rope
from exercises.kv_cache.cache import Cache
from exercises.model.llama import Llama


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
        q = rotate(q, start, base)
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


def draw(logits, t, k, generator):
    """One token for each row of logits."""
    if t == 0:
        return logits.argmax(dim=-1)
    if k is not None and k < logits.shape[-1]:
        best = logits.topk(k, dim=-1)
        logits = torch.full_like(logits, -math.inf).scatter(-1, best.indices, best.values)
    logits = logits.double()
    p = ((logits - logits.amax(dim=-1, keepdim=True)) / t).softmax(dim=-1)
    return torch.multinomial(p, 1, generator=generator)[:, 0]


@torch.no_grad()
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
    generator = torch.Generator().manual_seed(seed)
    done = torch.zeros(ids.shape[0], dtype=torch.bool)
    result, new = ids.clone(), ids
    logits = extend(model, new, cache, padding, base=base)[:, -1]
    for _ in range(count):
        token = draw(logits, t, k, generator)
        if end is not None:
            token = torch.where(done, end, token)
            done = done | (token == end)
        new = token[:, None]
        result = torch.cat([result, new], dim=1)
        logits = extend(model, new, cache, padding, base=base)[:, -1]
        if done.all():
            break
    return result
