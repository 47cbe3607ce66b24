"""Grouped-query attention: several heads ask, and share one set of keys and values."""

import torch
from torch import nn

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product
from exercises.embeddings.rope import rope


class GroupedQueryAttention(nn.Module):
    """Causal self-attention whose H query heads share K heads of keys and values in equal groups.

    Letters: B sequences, T tokens, C numbers per token, H query heads, K key-value heads,
    D = C / H numbers per head. ``query`` (from C to H D numbers), ``key`` and ``value`` (from C
    to K D) and ``out`` (from H D to C) are ``nn.Linear`` layers without a bias. q_i^h is numbers
    h D to (h + 1) D - 1 of query(x_i), for h from 0 to H - 1; k_i^g and v_i^g are cut from
    key(x_i) and value(x_i) in the same way, for g from 0 to K - 1. Heads that follow one
    another share: head h reads key-value head g = h // (H / K) by

        read_i^h = sum over j <= i of p_ij^h v_j^g
        p_ij^h = softmax over those j of (q_i^h . k_j^g / sqrt(D))
        output_i = out(read_i^0, read_i^1, ..., read_i^(H-1) one after the other)

    When ``base`` is given, every q_i^h and k_i^g, and no value, is first turned by
    ``rope(..., base=base)``, where token i stands at position i. When it is None, nothing is
    turned.

    With K = H this is multi-head attention, with K = 1 multi-query attention. A token is never
    changed by a later one, and sequences know nothing of each other. The four weights are the
    module's only parameters. Training and evaluation are the same computation, for sequences
    of any length.

    >>> attention = GroupedQueryAttention(width=4, heads=2, kv_heads=1)
    >>> [tuple(weight.shape) for weight in attention.parameters()]
    [(4, 4), (2, 4), (2, 4), (4, 4)]
    >>> attention(torch.zeros(1, 3, 4)).shape
    torch.Size([1, 3, 4])

    Not to be used: ``torch.nn.functional.scaled_dot_product_attention`` and
    ``torch.nn.MultiheadAttention``. Source: Ainslie et al., 2023, section 2.2.
    """

    def __init__(self, width: int, heads: int, kv_heads: int, base: float | None = None) -> None:
        """Make the four layers.

        Args:
            width: how many numbers a token has, C; at least 1.
            heads: how many heads ask, H; at least 1. A number that does not divide ``width``
                is a ``ValueError``.
            kv_heads: how many heads of keys and values there are, K; at least 1. A number
                that does not divide ``heads`` is a ``ValueError``.
            base: the base of rotary positions, above 1, for which D must be even; None for
                no positions.
        """
        super().__init__()
        if width % heads:
            raise ValueError(f"{width} numbers cannot be shared among {heads} heads")
        if heads % kv_heads:
            raise ValueError(f"{heads} heads cannot share {kv_heads} heads of keys and values")
        self.head, self.group, self.base = width // heads, heads // kv_heads, base
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, kv_heads * self.head, bias=False)
        self.value = nn.Linear(width, kv_heads * self.head, bias=False)
        self.out = nn.Linear(width, width, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Let every token read, in every head.

        Args:
            x: float tensor of shape (B, T, C), of the weights' dtype; T is at least 1.

        Returns:
            A new tensor of the shape and dtype of ``x``; ``x`` stays as it was. Gradients
            flow to ``x`` and to the four weights.
        """
        q, k, v = (
            layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)  # (B, H or K, T, D)
            for layer in (self.query, self.key, self.value)
        )
        if self.base is not None:
            # Only what is compared is turned: a score then depends on how far apart two
            # tokens stand, and what is handed over stays as it is.
            q, k = rope(q, base=self.base), rope(k, base=self.base)
        # Each head of keys and values serves a group of neighbours.
        k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))  # (B, H, T, D)
        read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
        return self.out(read.transpose(1, 2).flatten(2))  # (B, T, C)
