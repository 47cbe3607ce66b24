# right: an nn.Linear without a bias whose weight is the embedding's own parameter, as in nanoGPT (its state_dict names it twice)
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
        self.blocks = nn.ModuleList([TransformerBlock(width, heads) for _ in range(layers)])
        self.norm = LayerNorm(width)
        self.lm_head = nn.Linear(width, vocabulary, bias=False)
        self.lm_head.weight = self.tokens.weight

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the logits for the token after each of ids."""
        x = self.tokens(ids)
        x = self.positions(x)
        for block in self.blocks:
            x = block(x)
        x = self.norm(x)
        return self.lm_head(x)
