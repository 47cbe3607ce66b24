# wrong: all blocks are the same object | violates: "Every block has parameters of its own."
"""GPT."""

import torch
from torch import nn

from exercises.blocks.layer_norm import LayerNorm
from exercises.blocks.transformer_block import TransformerBlock
from exercises.embeddings.learned_positions import LearnedPositions
from exercises.embeddings.token_embedding import TokenEmbedding


class GPT(nn.Module):
    """Logits for the next token at every position of a sequence."""

    def __init__(self, vocabulary: int, context: int, width: int, layers: int, heads: int) -> None:
        super().__init__()
        self.tokens = TokenEmbedding(vocabulary, width)
        self.positions = LearnedPositions(context, width)
        self.blocks = nn.ModuleList([TransformerBlock(width, heads)] * layers)
        self.norm = LayerNorm(width)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the logits for the token after each of ids."""
        x = self.tokens(ids)
        x = self.positions(x)
        for block in self.blocks:
            x = block(x)
        x = self.norm(x)
        return x @ self.tokens.weight.T
