"""Generation with a KV cache: a loop of its own, with PyTorch's attention and a mask of numbers."""

import torch
from torch.nn.functional import scaled_dot_product_attention

from exercises.embeddings.rope import rope
from exercises.sampling.temperature import temperature
from exercises.sampling.top_k import top_k


@torch.no_grad()
def extend(model, ids, cache, padding=None, *, base=10000.0):
    """The logits for new tokens after those in the cache."""
    B, T = ids.shape
    S = len(cache)
    x = model.tokens(ids)
    column, row = torch.arange(S + T), torch.arange(S, S + T)
    first = torch.zeros(B, dtype=torch.int64) if padding is None else padding
    hidden = (column > row[:, None]) | (column < first[:, None, None])  # (B, T, S + T)
    # A large negative number, and no -inf: a row in which everything is hidden gives no NaN.
    bias = torch.zeros(hidden.shape, dtype=x.dtype).masked_fill(hidden, -1e30)[:, None]
    for number, block in enumerate(model.blocks):
        x = x + _attention(block.attention, block.norm1(x), number, cache, S, bias, base)
        x = x + block.feed_forward(block.norm2(x))
    return model.norm(x) @ model.tokens.weight.T


def _attention(part, x, number, cache, S, bias, base):
    B, T, C = x.shape
    D = cache.keys.shape[4]
    q = part.query(x).view(B, T, -1, D).transpose(1, 2)
    k = part.key(x).view(B, T, -1, D).transpose(1, 2)
    v = part.value(x).view(B, T, -1, D).transpose(1, 2)
    q, k = rope(q, start=S, base=base), rope(k, start=S, base=base)
    k, v = cache.append(number, k, v)
    read = scaled_dot_product_attention(q, k, v, attn_mask=bias, enable_gqa=True)
    return part.out(read.transpose(1, 2).reshape(B, T, C))


def cached_generate(
    model, ids, count, cache, *, padding=None, base=10000.0, t=1.0, k=None, end=None, seed=0
):
    """Continue each sequence, one token a pass."""
    generator = torch.Generator().manual_seed(seed)
    new, done = ids, torch.zeros(ids.shape[0], dtype=torch.bool)
    for _ in range(count):
        x = extend(model, new, cache, padding, base=base)[:, -1]
        x = x if k is None else top_k(x, k)
        new = torch.multinomial(temperature(x, t), 1, generator=generator)
        if end is not None:
            new = new.masked_fill(done[:, None], end)
            done = done | (new[:, 0] == end)
        ids = torch.cat([ids, new], dim=1)
        if done.all():
            break
    return ids
