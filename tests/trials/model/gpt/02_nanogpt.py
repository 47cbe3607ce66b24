# right: in the way of nanoGPT: own checks first, F.linear with the tied weight
"""GPT."""

import torch
from torch import nn
from torch.nn import functional as F

from exercises.blocks.layer_norm import LayerNorm
from exercises.blocks.transformer_block import TransformerBlock
from exercises.embeddings.learned_positions import LearnedPositions
from exercises.embeddings.token_embedding import TokenEmbedding


class GPT(nn.Module):
    """Logits for the next token at every position of a sequence."""

    def __init__(self, vocabulary: int, context: int, width: int, layers: int, heads: int):
        super().__init__()
        if width % heads != 0:
            raise ValueError(f"{heads} heads do not divide the width {width}")
        self.block_size = context
        self.tokens = TokenEmbedding(vocabulary, width)
        self.positions = LearnedPositions(context, width)
        self.blocks = nn.ModuleList()
        for _ in range(layers):
            self.blocks.append(TransformerBlock(width, heads))
        self.norm = LayerNorm(width)

    def forward(self, idx: torch.Tensor) -> torch.Tensor:
        """Return the logits for the token after each of idx."""
        b, t = idx.size()
        if t > self.block_size:
            raise ValueError(f"cannot forward {t} tokens, the context length is {self.block_size}")
        tok_emb = self.tokens(idx)
        x = self.positions(tok_emb)
        for block in self.blocks:
            x = block(x)
        return F.linear(self.norm(x), self.tokens.weight)
