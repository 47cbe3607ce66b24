"""Scaled dot-product attention: each query takes a weighted mean of the values."""

import math

import torch

from exercises.attention.softmax import softmax


def scaled_dot_product(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Average the values for each query, weighted by how well their keys match it.

    For T queries, S keys with a value each, D numbers in a query and in a key, and V in a
    value, query i weighs key j and collects the values by

        score_ij = sum_d q_id k_jd / sqrt(D)
        weight_ij = exp(score_ij) / sum_j' exp(score_ij')
        output_i = sum_j weight_ij v_j

    where j' runs over the keys that i may attend to. A key that is not permitted has weight
    exactly 0: neither it nor its value changes the output, however low the other scores are.
    No finite score, however large, may give NaN or infinity.

    Args:
        q: queries, float tensor of shape (..., T, D); the dimensions "..." are the same in
            q, k and v, and may be none or many.
        k: keys, shape (..., S, D), of the dtype of q.
        v: values, shape (..., S, V), of the dtype of q.
        mask: bool tensor that broadcasts to (..., T, S), True where the query may attend to
            the key; each query may attend to one key at least. None permits all.

    Returns:
        A new tensor of shape (..., T, V) and the dtype of q; the inputs stay as they were.
        Gradients flow to q, k and v.

    >>> values = torch.tensor([[2.0], [4.0]])
    >>> scaled_dot_product(torch.zeros(1, 3), torch.ones(2, 3), values)
    tensor([[3.]])

    Not to be used: ``torch.nn.functional.scaled_dot_product_attention`` and
    ``torch.nn.MultiheadAttention``. Source: Vaswani et al., 2017, section 3.2.1.
    """
    raise NotImplementedError("write scaled_dot_product (about 4 lines)")
