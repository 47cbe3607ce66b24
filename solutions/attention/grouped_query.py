"""Grouped-query attention: several query heads share one key-value head."""

import torch
from torch import nn

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product
from exercises.embeddings.rope import rope


class GroupedQueryAttention(nn.Module):
    """Compute causal self-attention whose H query heads share K key-value heads.

    Notation: batch size B, sequence length T, embedding dimension C (``d_model``), H query
    heads, K key-value heads, head dimension D = C / H. ``query`` (from C to H D features),
    ``key`` and ``value`` (from C to K D) and ``out`` (from H D to C) are ``nn.Linear`` layers
    without a bias. q_i^h is features h D to (h + 1) D - 1 of query(x_i), for h from 0 to H - 1;
    k_i^g and v_i^g are the same slices of key(x_i) and value(x_i), for g from 0 to K - 1.
    Adjacent query heads share: query head h reads key-value head g = h // (H / K) by

        read_i^h = sum over j <= i of p_ij^h v_j^g
        p_ij^h = softmax over those j of (q_i^h . k_j^g / sqrt(D))
        output_i = out(read_i^0, read_i^1, ..., read_i^(H-1) concatenated)

    With a ``base``, every q_i^h and k_i^g, but no value, is first rotated by
    ``rope(..., base=base)``, with token i at position i. If it is None, nothing is rotated.

    With K = H this is multi-head attention, with K = 1 multi-query attention. No output depends
    on a later token or on another sequence, and no score, however large, gives NaN or infinity.
    The four weights are the module's only parameters; buffers, such as a mask or RoPE's cosines,
    are allowed. There is no dropout: training and evaluation mode compute the same. One module
    serves sequences of any length; 2,100 tokens take less than 5 seconds.

    >>> attention = GroupedQueryAttention(width=4, heads=2, kv_heads=1)
    >>> [tuple(weight.shape) for weight in attention.parameters()]
    [(4, 4), (2, 4), (2, 4), (4, 4)]
    >>> attention(torch.zeros(1, 3, 4)).shape
    torch.Size([1, 3, 4])

    Not to be used: ``torch.nn.functional.scaled_dot_product_attention`` and
    ``torch.nn.MultiheadAttention``. Source: Ainslie et al., 2023, section 2.2.
    """

    def __init__(self, width: int, heads: int, kv_heads: int, base: float | None = None) -> None:
        """Create the four layers.

        Args:
            width: the embedding dimension C (``d_model``), at least 1.
            heads: the number of query heads H, at least 1; ``ValueError`` if it does not divide
                ``width``.
            kv_heads: the number of key-value heads K, at least 1; ``ValueError`` if it does not
                divide ``heads``.
            base: the base of RoPE, above 1, for which D must be even; None for no positions.
        """
        super().__init__()
        if width % heads:
            raise ValueError(f"width {width} is not divisible by {heads} heads")
        if heads % kv_heads:
            raise ValueError(f"{heads} heads are not divisible by {kv_heads} key-value heads")
        self.head, self.group, self.base = width // heads, heads // kv_heads, base
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, kv_heads * self.head, bias=False)
        self.value = nn.Linear(width, kv_heads * self.head, bias=False)
        self.out = nn.Linear(width, width, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the output of all heads, combined by ``out``.

        Args:
            x: float tensor of shape (B, T, C), of the weights' dtype; T >= 1.

        Returns:
            A new tensor of the shape and dtype of ``x``, which is not changed. Gradients
            flow to ``x`` and to the four weights.
        """
        q, k, v = (
            layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)  # (B, H or K, T, D)
            for layer in (self.query, self.key, self.value)
        )
        if self.base is not None:
            # Queries and keys are rotated, so a score depends on the distance of two tokens;
            # values are not compared, and stay as they are.
            q, k = rope(q, base=self.base), rope(k, base=self.base)
        # Each key-value head serves a group of adjacent query heads.
        k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))  # (B, H, T, D)
        read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
        return self.out(read.transpose(1, 2).flatten(2))  # (B, T, C)
