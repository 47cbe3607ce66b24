# right: in the way of Hugging Face: a config dataclass, residual variables, keyword arguments
"""Llama."""

from dataclasses import dataclass

import torch
from torch import nn

from exercises.attention.grouped_query import GroupedQueryAttention
from exercises.blocks.rms_norm import RMSNorm
from exercises.blocks.swiglu import SwiGLU
from exercises.embeddings.token_embedding import TokenEmbedding


@dataclass
class LlamaConfig:
    vocab_size: int
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    num_key_value_heads: int
    intermediate_size: int
    rope_theta: float
    rms_norm_eps: float


class LlamaBlock(nn.Module):
    """Attention and the feed-forward network on a residual stream."""

    def __init__(
        self, width: int, heads: int, kv_heads: int, hidden: int, base: float, eps: float
    ) -> None:
        super().__init__()
        self.attention = GroupedQueryAttention(
            width=width, heads=heads, kv_heads=kv_heads, base=base
        )
        self.feed_forward = SwiGLU(width=width, hidden=hidden)
        self.norm1 = RMSNorm(width, eps)
        self.norm2 = RMSNorm(width, eps)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return z for x."""
        residual = x
        hidden_states = self.norm1(x)
        hidden_states = self.attention(hidden_states)
        hidden_states = residual + hidden_states

        residual = hidden_states
        hidden_states = self.norm2(hidden_states)
        hidden_states = self.feed_forward(hidden_states)
        return residual + hidden_states


class Llama(nn.Module):
    """Logits for the next token at every position of a sequence."""

    def __init__(
        self,
        vocabulary: int,
        width: int,
        layers: int,
        heads: int,
        kv_heads: int,
        hidden: int,
        base: float = 10000.0,
        eps: float = 1e-5,
    ) -> None:
        super().__init__()
        self.config = LlamaConfig(vocabulary, width, layers, heads, kv_heads, hidden, base, eps)
        self.post_init()

    def post_init(self) -> None:
        c = self.config
        self.tokens = TokenEmbedding(c.vocab_size, c.hidden_size)
        self.blocks = nn.ModuleList()
        for _ in range(c.num_hidden_layers):
            self.blocks.append(
                LlamaBlock(
                    width=c.hidden_size,
                    heads=c.num_attention_heads,
                    kv_heads=c.num_key_value_heads,
                    hidden=c.intermediate_size,
                    base=c.rope_theta,
                    eps=c.rms_norm_eps,
                )
            )
        self.norm = RMSNorm(c.hidden_size, c.rms_norm_eps)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the logits for the token after each of ids."""
        hidden_states = self.tokens(ids)
        for decoder_layer in self.blocks:
            hidden_states = decoder_layer(hidden_states)
        hidden_states = self.norm(hidden_states)
        return torch.matmul(hidden_states, self.tokens.weight.transpose(0, 1))
