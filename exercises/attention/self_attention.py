"""Self-attention: queries, keys and values all come from the same tokens."""

import torch
from torch import nn

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product


class SelfAttention(nn.Module):
    """Compute causal self-attention with one head and learned projections.

    Notation: batch size B, sequence length T, embedding dimension C (``d_model``), dimension D
    of queries, keys and values. ``query``, ``key`` and ``value`` are ``nn.Linear`` layers
    without a bias, with the weights W_q, W_k and W_v of shape (D, C). For token i with the
    vector x_i

        q_i = W_q x_i    k_i = W_k x_i    v_i = W_v x_i
        output_i = sum over j <= i of p_ij v_j
        p_ij = softmax over those j of (q_i . k_j / sqrt(D))

    So no output depends on a later token or on another sequence, and no score, however large,
    gives NaN or infinity. The three weights are the module's only parameters; a buffer, such as a
    mask, is allowed. There is no dropout: training and evaluation mode compute the same. One module
    serves sequences of any length; 2,100 tokens take less than 5 seconds.

    >>> attention = SelfAttention(width=1, head=1)
    >>> _ = nn.init.zeros_(attention.query.weight)  # zero queries: equal weights
    >>> _ = nn.init.ones_(attention.value.weight)
    >>> attention(torch.tensor([[[2.0], [4.0]]])).flatten().tolist()
    [2.0, 3.0]

    Not to be used: ``torch.nn.functional.scaled_dot_product_attention`` and
    ``torch.nn.MultiheadAttention``. Source: Vaswani et al., 2017, sections 3.2.1 and 3.2.3.
    """

    def __init__(self, width: int, head: int) -> None:
        """Create the three layers.

        Args:
            width: the embedding dimension C (``d_model``), at least 1.
            head: the dimension D of queries, keys and values (``d_head``), at least 1.
        """
        raise NotImplementedError("write SelfAttention.__init__ (about 4 lines)")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the attention output for every token.

        Args:
            x: float tensor of shape (B, T, C), of the weights' dtype; T >= 1.

        Returns:
            A new tensor of shape (B, T, D) and the dtype of ``x``, which is not changed.
            Gradients flow to ``x`` and to the three weights.
        """
        raise NotImplementedError("write SelfAttention.forward (about 2 lines)")
