"""Multi-head attention: several small attentions side by side, each with its own question."""

import torch
from torch import nn

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product


class MultiHeadAttention(nn.Module):
    """Causal self-attention in H heads, each on its own D = C / H numbers, joined by a last layer.

    Letters: B sequences, T tokens, C numbers per token, H heads, D numbers per head. ``query``,
    ``key``, ``value`` and ``out`` are ``nn.Linear`` layers from C to C numbers, all four with a
    bias or all four without. For token i and head h, counted from 0, q_i^h is numbers h D to
    (h + 1) D - 1 of query(x_i), and likewise k_i^h of key(x_i) and v_i^h of value(x_i):

        read_i^h = sum over j <= i of p_ij^h v_j^h
        p_ij^h = softmax over those j of (q_i^h . k_j^h / sqrt(D))
        output_i = out(read_i^0, read_i^1, ..., read_i^(H-1) one after the other)

    So a token is never changed by a later one, and sequences know nothing of each other. The
    layers' weights and biases are the module's only parameters. Training and evaluation are
    the same computation. One module serves sequences of any length.

    >>> attention = MultiHeadAttention(width=2, heads=2, bias=False)
    >>> for layer in (attention.query, attention.key):
    ...     _ = nn.init.zeros_(layer.weight)  # a query of zeros reads all alike
    >>> for layer in (attention.value, attention.out):
    ...     _ = nn.init.eye_(layer.weight)
    >>> attention(torch.tensor([[[2.0, 6.0], [4.0, 0.0]]])).tolist()
    [[[2.0, 6.0], [3.0, 3.0]]]

    Not to be used: ``torch.nn.functional.scaled_dot_product_attention`` and
    ``torch.nn.MultiheadAttention``. Source: Vaswani et al., 2017, section 3.2.2.
    """

    def __init__(self, width: int, heads: int, bias: bool = True) -> None:
        """Make the four layers.

        Args:
            width: how many numbers a token has, C; at least 1.
            heads: how many heads share them, H; at least 1. A number that does not divide
                ``width`` is a ``ValueError``.
            bias: whether the four layers have a bias.
        """
        raise NotImplementedError("write MultiHeadAttention.__init__ (about 8 lines)")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Let every token read, in every head.

        Args:
            x: float tensor of shape (B, T, C), of the weights' dtype; T is at least 1.

        Returns:
            A new tensor of the shape and dtype of ``x``; ``x`` stays as it was. Gradients
            flow to ``x`` and to the parameters.
        """
        raise NotImplementedError("write MultiHeadAttention.forward (about 6 lines)")
