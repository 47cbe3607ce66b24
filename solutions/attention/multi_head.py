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
        super().__init__()
        if width % heads:
            raise ValueError(f"{width} numbers cannot be shared among {heads} heads")
        self.heads = heads
        self.query = nn.Linear(width, width, bias=bias)
        self.key = nn.Linear(width, width, bias=bias)
        self.value = nn.Linear(width, width, bias=bias)
        self.out = nn.Linear(width, width, bias=bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Let every token read, in every head.

        Args:
            x: float tensor of shape (B, T, C), of the weights' dtype; T is at least 1.

        Returns:
            A new tensor of the shape and dtype of ``x``; ``x`` stays as it was. Gradients
            flow to ``x`` and to the parameters.
        """
        # One product makes all heads' queries; cut apart, the heads stand beside the batch,
        # where attention works on them in parallel.
        q, k, v = (
            layer(x).unflatten(2, (self.heads, -1)).transpose(1, 2)  # (B, H, T, D)
            for layer in (self.query, self.key, self.value)
        )
        read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))  # (B, H, T, D)
        # The heads have not met so far; in the last layer each output draws on all of them.
        return self.out(read.transpose(1, 2).flatten(2))  # (B, T, C)
