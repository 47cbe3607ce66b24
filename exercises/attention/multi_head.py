"""Multi-head attention: several heads of attention side by side."""

import torch
from torch import nn

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product


class MultiHeadAttention(nn.Module):
    """Compute causal self-attention with H heads.

    Notation: batch size B, sequence length T, embedding dimension C (``d_model``), H heads,
    head dimension D = C / H (``d_head``). ``query``, ``key``, ``value`` and ``out`` are
    ``nn.Linear`` layers from C to C features, all four with a bias or all four without. For
    token i and head h, from 0, q_i^h is features h D to (h + 1) D - 1 of query(x_i), and
    likewise k_i^h of key(x_i) and v_i^h of value(x_i):

        read_i^h = sum over j <= i of p_ij^h v_j^h
        p_ij^h = softmax over those j of (q_i^h . k_j^h / sqrt(D))
        output_i = out(read_i^0, read_i^1, ..., read_i^(H-1) concatenated)

    So no output depends on a later token or on another sequence, and no score, however large,
    gives NaN or infinity. The layers' weights and biases are the module's only parameters; a
    buffer, such as a mask, is allowed. There is no dropout: training and evaluation mode compute
    the same. One module serves sequences of any length; 2,100 tokens take less than 5 seconds.

    >>> attention = MultiHeadAttention(width=2, heads=2, bias=False)
    >>> for layer in (attention.query, attention.key):
    ...     _ = nn.init.zeros_(layer.weight)  # zero queries: equal weights
    >>> for layer in (attention.value, attention.out):
    ...     _ = nn.init.eye_(layer.weight)
    >>> attention(torch.tensor([[[2.0, 6.0], [4.0, 0.0]]])).tolist()
    [[[2.0, 6.0], [3.0, 3.0]]]

    Not to be used: ``torch.nn.functional.scaled_dot_product_attention`` and
    ``torch.nn.MultiheadAttention``. Source: Vaswani et al., 2017, section 3.2.2.
    """

    def __init__(self, width: int, heads: int, bias: bool = True) -> None:
        """Create the four layers.

        Args:
            width: the embedding dimension C (``d_model``), at least 1.
            heads: the number of heads H, at least 1; ``ValueError`` if it does not divide
                ``width``.
            bias: whether the four layers have a bias.
        """
        raise NotImplementedError("write MultiHeadAttention.__init__ (about 8 lines)")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the output of all heads, combined by ``out``.

        Args:
            x: float tensor of shape (B, T, C), of the weights' dtype; T >= 1.

        Returns:
            A new tensor of the shape and dtype of ``x``, which is not changed. Gradients
            flow to ``x`` and to the parameters.
        """
        raise NotImplementedError("write MultiHeadAttention.forward (about 6 lines)")
