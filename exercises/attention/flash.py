"""FlashAttention: causal attention tile by tile, without the full table of scores."""

import math

import torch


def flash(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, block: int = 64) -> torch.Tensor:
    """Compute causal attention one tile of scores at a time.

    Notation: batch size B, H heads, sequence length T, head dimension D. In each sequence and
    head

        output_i = sum over j <= i of p_ij v_j
        p_ij = softmax over those j of (q_i . k_j / sqrt(D))

    which equals ``scaled_dot_product`` with ``causal_mask`` for every ``block``. For q, k and v
    near 1 it is equal to 1e-5, in either dtype, so float64 may be computed in float32. Large
    scores are rounded more: near 1e4 the weights are right to about 1e-3. Scores from -1e4 to 1e4,
    which may differ between sequences, heads and tokens, give no NaN and no infinity.

    Scores, weights and mask exist for a tile of ``block`` queries and ``block`` keys, or for a few
    such tiles, at a time; never for T by T, nor for ``block`` queries and all their keys, nor for
    tiles of a fixed size. Beside them there is memory for inputs, output and a few tensors of the
    output's size.

    Args:
        q: queries, float32 or float64 tensor of shape (B, H, T, D) in any memory layout; no
            dimension has size 0.
        k: keys, of the shape and dtype of ``q``, in any memory layout.
        v: values, of the shape and dtype of ``q``, in any memory layout.
        block: number of queries, and of keys, in a tile, at least 1, else ``ValueError``; it
            need not divide T and may be larger than T.

    Returns:
        A new tensor of the shape and dtype of ``q``, which no later call changes; the inputs
        are not changed. Gradients are not required.

    >>> q = torch.zeros(1, 1, 3, 1)  # zero queries: equal weights
    >>> flash(q, q, torch.tensor([[[[2.0], [4.0], [9.0]]]]), block=2).flatten()
    tensor([2., 3., 5.])

    Not to be used: ``torch.nn.functional.scaled_dot_product_attention``. Source: Dao et al.,
    FlashAttention, 2022, section 3.1; Milakov and Gimelshein, 2018, section 3.
    """
    raise NotImplementedError("write flash (about 18 lines)")
