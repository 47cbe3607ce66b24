"""Generation with a KV cache: causal_mask, and each query head on its own."""

import torch
from torch import nn

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product
from exercises.embeddings.rope import rope
from exercises.sampling.generate import generate


def extend(model, ids, cache, padding=None, *, base=10000.0):
    """The logits for new tokens after those in the cache."""
    was = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        return _compute(model, ids, cache, padding, base)
    finally:
        torch.set_grad_enabled(was)


def _compute(model, ids, cache, padding, base):
    past, tokens = len(cache), ids.shape[1]
    mask = causal_mask(tokens, past + tokens).repeat(len(ids), 1, 1)
    for row, left in enumerate([] if padding is None else padding.tolist()):
        mask[row, :, :left] = False
        mask[row, mask[row].sum(dim=1) == 0, 0] = True  # something, where nothing is left
    x = model.tokens(ids)
    for layer, block in enumerate(model.blocks):
        part, normal = block.attention, block.norm1(x)
        size = cache.keys.shape[-1]
        k, v = (
            torch.stack(layer_of(normal).split(size, dim=2), dim=1)
            for layer_of in (part.key, part.value)
        )
        keys, values = cache.append(layer, rope(k, past, base), v)
        heads = part.query(normal).split(size, dim=2)
        group = len(heads) // keys.shape[1]
        reads = [
            scaled_dot_product(
                rope(q.contiguous(), past, base),
                keys[:, h // group],
                values[:, h // group],
                mask,
            )
            for h, q in enumerate(heads)
        ]
        x = x + part.out(torch.cat(reads, dim=2))
        x = x + block.feed_forward(block.norm2(x))
    return torch.nn.functional.linear(model.norm(x), model.tokens.weight)


class _Remembering(nn.Module):
    def __init__(self, model, cache, padding, base):
        super().__init__()
        self.held = (model, cache, padding, base)

    def forward(self, ids):
        model, cache, padding, base = self.held
        return extend(model, ids[:, len(cache) :], cache, padding, base=base)


def cached_generate(
    model, ids, count, cache, *, padding=None, base=10000.0, t=1.0, k=None, end=None, seed=0
):
    """Continue each sequence by generate, around a model that remembers."""
    model = _Remembering(model, cache, padding, base)
    return generate(model, ids, count, 1 << 30, t=t, k=k, end=end, seed=seed)
