"""Attention with a KV cache: new tokens attend to the keys and values of all earlier tokens."""

import torch

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product

Cache = tuple[torch.Tensor, torch.Tensor]
"""The keys and the values of the past tokens, each of shape (B, H, S, D), oldest first."""


def cached_attention(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, cache: Cache | None = None
) -> tuple[torch.Tensor, Cache]:
    """Compute causal attention for new tokens, and the cache for the next call.

    Notation: batch size B, H heads, T new tokens, S past tokens, head dimension D. In the
    sequence of S + T tokens, key j and value j belong to token j, and new token i is token
    S + i. It attends to itself and to all earlier tokens:

        output_i = sum over j <= S + i of p_ij v_j
        p_ij = softmax over those j of (q_i . k_j / sqrt(D))

    So the new tokens are causal among themselves. However a sequence is split into calls, each
    with the cache that the previous one returned, the concatenated outputs are those of causal
    attention over the whole sequence. Nothing is stored outside the cache.

    Args:
        q: queries of the new tokens, float tensor of shape (B, H, T, D); T is at least 1.
        k: keys of the new tokens, of the shape and dtype of ``q``.
        v: values of the new tokens, of the shape and dtype of ``q``.
        cache: keys and values of the past tokens, each of shape (B, H, S, D) and the dtype of
            ``q``. At the start of a sequence, where S is 0, it is None, or both are empty.

    Returns:
        A tuple of the output, a new tensor of the shape and dtype of ``q``, and the new cache,
        a tuple of keys and values, each of shape (B, H, S + T, D): the past ones, then the new
        ones, with the same numbers. The arguments are not changed, so one cache can be continued
        in two ways. Without a cache, the new one may hold ``k`` and ``v`` themselves. Gradients
        are not required.

    >>> q = torch.zeros(1, 1, 1, 1)  # zero queries: equal weights
    >>> output, cache = cached_attention(q, q, torch.tensor([[[[2.0]]]]))
    >>> output, cache = cached_attention(q, q, torch.tensor([[[[4.0]]]]), cache)
    >>> output.item(), cache[1].flatten().tolist()
    (3.0, [2.0, 4.0])

    Not to be used: ``torch.nn.functional.scaled_dot_product_attention``. Source: Shazeer, Fast
    Transformer Decoding, 2019, section 2.4, here for any number of new tokens.
    """
    if cache is not None:
        past_k, past_v = cache
        # cat copies into new memory, so the old cache is not changed.
        k = torch.cat([past_k, k], dim=-2)  # (B, H, S + T, D)
        v = torch.cat([past_v, v], dim=-2)
    # T rows and S + T columns, aligned at the end: the last new token attends to everything.
    mask = causal_mask(q.shape[-2], k.shape[-2])
    return scaled_dot_product(q, k, v, mask), (k, v)
