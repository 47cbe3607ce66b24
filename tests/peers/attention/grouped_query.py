"""torch.nn.functional.scaled_dot_product_attention with groups of its own."""

from torch import nn
from torch.nn.functional import scaled_dot_product_attention

from exercises.embeddings.rope import rope


class GroupedQueryAttention(nn.Module):
    """Torch's attention with the weights of four layers."""

    def __init__(self, width, heads, kv_heads, base=None):
        super().__init__()
        if width % heads or heads % kv_heads:
            raise ValueError("heads do not divide what they share")
        self.head, self.base = width // heads, base
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, kv_heads * self.head, bias=False)
        self.value = nn.Linear(width, kv_heads * self.head, bias=False)
        self.out = nn.Linear(width, width, bias=False)

    def forward(self, x):
        """Each token reads up to itself."""
        q, k, v = (
            layer(x).view(*x.shape[:2], -1, self.head).transpose(1, 2)
            for layer in (self.query, self.key, self.value)
        )
        if self.base is not None:
            q, k = rope(q, base=self.base), rope(k, base=self.base)
        read = scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        return self.out(read.transpose(1, 2).reshape(x.shape))
