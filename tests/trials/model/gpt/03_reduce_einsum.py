# right: functools.reduce and einsum, helper methods
"""GPT."""

from functools import reduce

import torch
from torch import nn

from exercises.blocks.layer_norm import LayerNorm
from exercises.blocks.transformer_block import TransformerBlock
from exercises.embeddings.learned_positions import LearnedPositions
from exercises.embeddings.token_embedding import TokenEmbedding


class GPT(nn.Module):
    """Logits for the next token at every position of a sequence."""

    def __init__(self, vocabulary, context, width, layers, heads):
        super().__init__()
        parts = {
            "tokens": TokenEmbedding(vocabulary, width),
            "positions": LearnedPositions(context, width),
            "blocks": nn.ModuleList(TransformerBlock(width, heads) for _ in range(layers)),
            "norm": LayerNorm(width),
        }
        for name, part in parts.items():
            self.add_module(name, part)

    def stream(self, ids):
        """The residual stream after the last block."""
        return reduce(lambda x, block: block(x), self.blocks, self.positions(self.tokens(ids)))

    def forward(self, ids):
        """Return the logits for the token after each of ids."""
        return torch.einsum("btc,vc->btv", self.norm(self.stream(ids)), self.tokens.weight)
