"""torch.nn.functional.multi_head_attention_forward, which is what nn.MultiheadAttention calls."""

import torch
from torch import nn
from torch.nn.functional import multi_head_attention_forward


class MultiHeadAttention(nn.Module):
    """Torch's attention with the weights of four layers."""

    def __init__(self, width, heads, bias=True):
        super().__init__()
        if width % heads:
            raise ValueError("embed_dim must be divisible by num_heads")
        self.query, self.key, self.value, self.out = (
            nn.Linear(width, width, bias) for _ in range(4)
        )
        self.heads = heads

    def forward(self, x):
        """Each token reads up to itself."""
        x = x.transpose(0, 1)
        layers = self.query, self.key, self.value
        no_bias = self.query.bias is None
        read, _ = multi_head_attention_forward(
            *(x, x, x, x.shape[-1], self.heads, None),
            None if no_bias else torch.cat([layer.bias for layer in layers]),
            *(None, None, False, 0.0, self.out.weight, self.out.bias),
            need_weights=False,
            attn_mask=nn.Transformer.generate_square_subsequent_mask(len(x), dtype=x.dtype),
            use_separate_proj_weight=True,
            q_proj_weight=self.query.weight,
            k_proj_weight=self.key.weight,
            v_proj_weight=self.value.weight,
        )
        return read.transpose(0, 1)
