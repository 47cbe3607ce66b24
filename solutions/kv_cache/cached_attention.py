"""Attention with a cache: new tokens read the keys and values of all that came before."""

import torch

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product

Cache = tuple[torch.Tensor, torch.Tensor]
"""The keys and the values of past tokens, each (B, H, S, D), oldest first."""


def cached_attention(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, cache: Cache | None = None
) -> tuple[torch.Tensor, Cache]:
    """Causal attention for T new tokens that follow S past ones, whose keys and values are kept.

    Letters: B sequences, H heads, T new tokens, S past tokens, D numbers per head. The sequence
    is past then new: key and value j of all S + T belong to token j, and new token i is token
    S + i. It reads the tokens up to itself and itself:

        output_i = sum over j <= S + i of p_ij v_j
        p_ij = softmax over those j of (q_i . k_j / sqrt(D))

    So new tokens are causal among themselves, and however a sequence is cut into calls, each
    with the cache that the last one gave, the outputs joined together are those of causal
    attention over the whole. Nothing is remembered but what the cache holds.

    Args:
        q: float tensor (B, H, T, D), the queries of the new tokens; T is at least 1.
        k: their keys, of the shape and dtype of ``q``.
        v: their values, of the shape and dtype of ``q``.
        cache: keys and values of the S past tokens, each (B, H, S, D) and of the dtype of ``q``,
            or None at the start of a sequence, when S is 0.

    Returns:
        A tuple of the output (B, H, T, D) in the dtype of ``q``, and the new cache: a tuple of
        keys and values, each (B, H, S + T, D), past then new, as they came. Queries, keys, values
        and the old cache stay as they were, so one cache may be continued in two ways.

    >>> q = torch.zeros(1, 1, 1, 1)  # a query of zeros reads all tokens alike
    >>> output, cache = cached_attention(q, q, torch.tensor([[[[2.0]]]]))
    >>> output, cache = cached_attention(q, q, torch.tensor([[[[4.0]]]]), cache)
    >>> output.item(), cache[1].flatten().tolist()
    (3.0, [2.0, 4.0])

    Not to be used: ``torch.nn.functional.scaled_dot_product_attention``. Source: Shazeer, Fast
    Transformer Decoding, 2019, section 2.4, here for any number of new tokens.
    """
    if cache is not None:
        past_k, past_v = cache
        # A copy into new memory: whoever still holds the old cache finds it as it was.
        k = torch.cat([past_k, k], dim=-2)  # (B, H, S + T, D)
        v = torch.cat([past_v, v], dim=-2)
    # T rows over S + T columns, aligned at the end: the last new token reads everything.
    mask = causal_mask(q.shape[-2], k.shape[-2])
    return scaled_dot_product(q, k, v, mask), (k, v)
