# wrong: the layers are called q_proj, k_proj and v_proj | violates: "``query``, ``key`` and ``value`` are ``nn.Linear`` layers"
import torch
from torch import nn

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product


class SelfAttention(nn.Module):
    """Compute causal self-attention with one head and learned projections."""

    def __init__(self, width: int, head: int) -> None:
        super().__init__()
        self.q_proj = nn.Linear(width, head, bias=False)
        self.k_proj = nn.Linear(width, head, bias=False)
        self.v_proj = nn.Linear(width, head, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        q, k, v = self.q_proj(x), self.k_proj(x), self.v_proj(x)
        return scaled_dot_product(q, k, v, causal_mask(x.shape[-2]))
