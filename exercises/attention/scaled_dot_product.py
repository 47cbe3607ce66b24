"""Scaled dot-product attention: a weighted average of the values for each query."""

import math

import torch

from exercises.attention.softmax import softmax


def scaled_dot_product(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the weighted average of the values for each query.

    Notation: T queries and S keys of dimension D, and a value of dimension V for each key.
    The output for query i is

        score_ij = sum_d q_id k_jd / sqrt(D)
        weight_ij = exp(score_ij) / sum_j' exp(score_ij')
        output_i = sum_j weight_ij v_j

    where j' runs over the keys that query i may attend to. Every other key has the weight 0
    exactly, however low the other scores are. As long as q, k and v are finite and each dot
    product is in the range of the dtype, neither such a key nor its value changes the output, and
    no score, however large, gives NaN or infinity. The score of an allowed key is above the
    dtype's lowest finite number, so that number may stand for -inf.

    Args:
        q: queries, float tensor of shape (..., T, D); the leading dimensions "..." are the
            same in q, k and v, and there may be none or many. No dimension has size 0.
        k: keys, shape (..., S, D), of the dtype of q.
        v: values, shape (..., S, V), of the dtype of q.
        mask: bool tensor that broadcasts to (..., T, S), True where the query may attend to
            the key; each query may attend to at least one key. None allows all.

    Returns:
        A new tensor of shape (..., T, V) and the dtype of q; the inputs are not changed.
        Gradients flow to q, k and v.

    >>> values = torch.tensor([[2.0], [4.0]])
    >>> scaled_dot_product(torch.zeros(1, 3), torch.ones(2, 3), values)
    tensor([[3.]])

    Not to be used: ``torch.nn.functional.scaled_dot_product_attention`` and
    ``torch.nn.MultiheadAttention``. Source: Vaswani et al., 2017, section 3.2.1.
    """
    raise NotImplementedError("write scaled_dot_product (about 4 lines)")
