"""GPT with a product by einsum, parts kept also in a list of its own."""

import torch
from torch import nn

from exercises.blocks.layer_norm import LayerNorm
from exercises.blocks.transformer_block import TransformerBlock
from exercises.embeddings.learned_positions import LearnedPositions
from exercises.embeddings.token_embedding import TokenEmbedding


class GPT(nn.Module):
    """A sum over letters in place of a matrix product."""

    def __init__(self, vocabulary, context, width, layers, heads):
        super().__init__()
        self.norm = LayerNorm(width)
        self.blocks = nn.ModuleList()
        while len(self.blocks) < layers:
            self.blocks.append(TransformerBlock(width, heads))
        self.positions = LearnedPositions(context, width)
        self.tokens = TokenEmbedding(vocabulary, width)

    def forward(self, ids):
        """Embed, run through nn.Sequential, read off."""
        x = nn.Sequential(self.positions, *self.blocks, self.norm)(self.tokens(ids))
        return torch.einsum("btc,vc->btv", x, self.tokens.weight)
