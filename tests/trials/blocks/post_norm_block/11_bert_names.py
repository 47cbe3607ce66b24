# wrong: the parts are called self_attn, ln1, ffn and ln2 | violates: "each an attribute of that name"
import torch
from torch import nn

from exercises.attention.multi_head import MultiHeadAttention
from exercises.blocks.feed_forward import FeedForward
from exercises.blocks.layer_norm import LayerNorm


class PostNormBlock(nn.Module):
    """Add the output of each part to the residual stream, and normalise each sum."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.self_attn = MultiHeadAttention(width, heads)
        self.ln1 = LayerNorm(width)
        self.ffn = FeedForward(width, 4 * width)
        self.ln2 = LayerNorm(width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.ln1(x + self.self_attn(x))
        return self.ln2(h + self.ffn(h))
