"""Flash attention: causal attention tile by tile, without the table of scores."""

import math

import torch


def flash(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, block: int = 64) -> torch.Tensor:
    """Causal attention, one tile of scores at a time.

    Letters: B sequences, H heads, T tokens, D numbers per head. In each sequence and head

        output_i = sum over j <= i of p_ij v_j
        p_ij = softmax over those j of (q_i . k_j / sqrt(D))

    which is ``scaled_dot_product`` with ``causal_mask`` to rounding, 1e-5 in float32, whatever
    ``block`` is. Scores, weights and mask are held for a tile of ``block`` queries and ``block``
    keys at most, never for T by T, nor for ``block`` queries and all their keys: beside inputs
    and output there is memory for a few tiles and for a few tensors of the output's size. No
    finite score, however large (1e4) or small (-1e4), may give NaN or infinity.

    Args:
        q: queries, float32 or float64 tensor of shape (B, H, T, D); T is at least 1.
        k: keys, of the shape and dtype of ``q``.
        v: values, of the shape and dtype of ``q``.
        block: how many queries, and how many keys, a tile has; it need not divide T and may
            be more than T. Below 1 it is a ``ValueError``.

    Returns:
        A new tensor of the shape and dtype of ``q``; the inputs stay as they were. Gradients
        are not asked for.

    >>> q = torch.zeros(1, 1, 3, 1)  # a query of zero reads all alike
    >>> flash(q, q, torch.tensor([[[[2.0], [4.0], [9.0]]]]), block=2).flatten()
    tensor([2., 3., 5.])

    Not to be used: ``torch.nn.functional.scaled_dot_product_attention``. Source: Dao et al.,
    FlashAttention, 2022, section 3.1; Milakov and Gimelshein, 2018, section 3.
    """
    raise NotImplementedError("write flash (about 18 lines)")
