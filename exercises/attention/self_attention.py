"""Self-attention: queries, keys and values all come from the same tokens."""

import torch
from torch import nn

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product


class SelfAttention(nn.Module):
    """Let each token read itself and the tokens before it, with learnt queries, keys and values.

    Letters: B sequences, T tokens, C numbers per token, D numbers per query, key and value.
    With W_q, W_k and W_v, each (D, C), the weights of the layers ``query``, ``key`` and
    ``value``, token i with the vector x_i reads by

        q_i = W_q x_i    k_i = W_k x_i    v_i = W_v x_i
        output_i = sum over j <= i of p_ij v_j
        p_ij = softmax over those j of (q_i . k_j / sqrt(D))

    So a token is never changed by a later one, and sequences know nothing of each other.
    ``query``, ``key`` and ``value`` are ``nn.Linear`` layers without a bias, and their weights
    are the module's only parameters. Training and evaluation are the same computation. One
    module serves sequences of any length.

    >>> attention = SelfAttention(width=1, head=1)
    >>> _ = nn.init.zeros_(attention.query.weight)  # a query of zero reads all alike
    >>> _ = nn.init.ones_(attention.value.weight)
    >>> attention(torch.tensor([[[2.0], [4.0]]])).flatten().tolist()
    [2.0, 3.0]

    Not to be used: ``torch.nn.functional.scaled_dot_product_attention`` and
    ``torch.nn.MultiheadAttention``. Source: Vaswani et al., 2017, sections 3.2.1 and 3.2.3.
    """

    def __init__(self, width: int, head: int) -> None:
        """Make the three layers.

        Args:
            width: how many numbers a token has, C; at least 1.
            head: how many numbers a query, a key and a value have, D; at least 1.
        """
        raise NotImplementedError("write SelfAttention.__init__ (about 4 lines)")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Let every token read.

        Args:
            x: float tensor of shape (B, T, C), of the weights' dtype; T is at least 1.

        Returns:
            A new tensor of shape (B, T, D) and the dtype of ``x``; ``x`` stays as it was.
            Gradients flow to ``x`` and to the three weights.
        """
        raise NotImplementedError("write SelfAttention.forward (about 2 lines)")
