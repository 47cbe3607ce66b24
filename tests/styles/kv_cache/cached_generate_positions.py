"""Generation with a KV cache: positions without padding, and padding that attends to everything."""

import torch

from exercises.attention.softmax import softmax
from exercises.embeddings.rope import rope


def extend(model, ids, cache, padding=None, *, base=10000.0):
    """The logits for new tokens after those in the cache, one sequence after the other for RoPE."""
    past, count, size = len(cache), ids.shape[1], cache.keys.shape[-1]
    left = [0] * len(ids) if padding is None else padding.tolist()
    with torch.inference_mode(False), torch.no_grad():
        x = model.tokens(ids)
        for layer, block in enumerate(model.blocks):
            attention = block.attention
            normal = block.norm1(x)
            q, k, v = (
                part(normal).unflatten(2, (-1, size)).transpose(1, 2)
                for part in (attention.query, attention.key, attention.value)
            )
            q, k = (_rotate(part, past, left, base) for part in (q, k))
            keys, values = cache.append(layer, k, v)
            group = q.shape[1] // k.shape[1]
            grouped = q.unflatten(1, (-1, group))  # (B, K, G, T, D)
            scores = torch.einsum("bkgtd,bksd->bkgts", grouped, keys) / size**0.5
            rows, columns = torch.arange(past, past + count), torch.arange(past + count)
            for b, start in enumerate(left):
                hidden = (columns > rows[:, None]) | (columns < start)
                # A token of the padding attends to everything: nobody looks at what it gets.
                hidden &= (rows >= start)[:, None]
                scores[b].masked_fill_(hidden, -torch.inf)
            read = torch.einsum("bkgts,bksd->bkgtd", softmax(scores, dim=-1), values)
            x = x + attention.out(read.flatten(1, 2).transpose(1, 2).flatten(2))
            x = x + block.feed_forward(block.norm2(x))
        return model.norm(x) @ model.tokens.weight.t()


def _rotate(x, past, left, base):
    """Rotate each sequence from its own position on; padding stands at position 0."""
    rows = []
    for b, start in enumerate(left):
        before = min(max(start - past, 0), x.shape[2])
        parts = [x[b, :, :before]]
        if before < x.shape[2]:
            parts.append(rope(x[b, :, before:], start=past + before - start, base=base))
        rows.append(torch.cat(parts, dim=1))
    return torch.stack(rows)


def cached_generate(
    model, ids, count, cache, *, padding=None, base=10000.0, t=1.0, k=None, end=None, seed=0
):
    """Continue each sequence into a buffer, by the Gumbel-max trick."""
    batch, length = ids.shape
    source = torch.Generator().manual_seed(seed)
    text = torch.cat([ids, torch.empty(batch, count, dtype=torch.int64)], dim=1)
    ended, seen, stop = [False] * batch, 0, length
    while stop < length + count and not all(ended):
        logits = extend(model, text[:, seen:stop], cache, padding, base=base)[:, -1]
        seen = stop
        if k is not None and k < logits.shape[1]:
            order = torch.sort(logits, dim=1, descending=True, stable=True).indices
            logits = logits.scatter(1, order[:, k:], -torch.inf)
        if t > 0:
            noise = torch.empty(logits.shape, dtype=torch.float64).exponential_(generator=source)
            logits = logits.double() / t - noise.log()
        new = logits.argmax(dim=1)
        for b in range(batch):
            text[b, stop] = end if ended[b] else new[b]
            ended[b] = ended[b] or (end is not None and int(new[b]) == end)
        stop += 1
    return text[:, :stop].clone()
