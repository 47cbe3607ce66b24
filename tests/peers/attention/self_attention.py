"""torch.nn.functional.scaled_dot_product_attention between three layers of torch.nn."""

from torch import nn
from torch.nn.functional import scaled_dot_product_attention


class SelfAttention(nn.Module):
    """Torch's attention."""

    def __init__(self, width, head):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(width, head, bias=False) for _ in range(3))

    def forward(self, x):
        """Each token reads up to itself."""
        q, k, v = self.query(x), self.key(x), self.value(x)
        return scaled_dot_product_attention(q, k, v, is_causal=True)
