"""The block of transformers' GPT-2 with the weights of our parts, stored as (in, out)."""

import torch
from torch import nn
from torch.func import functional_call
from transformers import GPT2Config
from transformers.models.gpt2.modeling_gpt2 import GPT2Block

from exercises.attention.multi_head import MultiHeadAttention
from exercises.blocks.feed_forward import FeedForward
from exercises.blocks.layer_norm import LayerNorm


class TransformerBlock(nn.Module):
    """Theirs, called with our parameters."""

    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.norm2 = LayerNorm(width), LayerNorm(width)
        self.attention = MultiHeadAttention(width, heads)
        self.feed_forward = FeedForward(width, 4 * width)
        config = GPT2Config(
            n_embd=width, n_head=heads, resid_pdrop=0.0, attn_pdrop=0.0, attn_implementation="sdpa"
        )
        self._theirs = [GPT2Block(config, layer_idx=0)]

    def forward(self, x):
        """What theirs gives."""
        attention, forward = self.attention, self.feed_forward
        layers = attention.query, attention.key, attention.value
        given = {
            "attn.c_attn.weight": torch.cat([part.weight for part in layers]).T,
            "attn.c_attn.bias": torch.cat([part.bias for part in layers]),
        }
        for name, layer in [
            ("attn.c_proj", attention.out),
            ("mlp.c_fc", forward.up),
            ("mlp.c_proj", forward.down),
        ]:
            given |= {f"{name}.weight": layer.weight.T, f"{name}.bias": layer.bias}
        for name, norm in [("ln_1", self.norm1), ("ln_2", self.norm2)]:
            given |= {f"{name}.weight": norm.weight, f"{name}.bias": norm.bias}
        result = functional_call(self._theirs[0], given, (x,))
        return result[0] if isinstance(result, tuple) else result
