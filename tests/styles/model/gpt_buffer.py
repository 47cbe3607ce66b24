"""GPT through nn.functional.linear, its logits written into a buffer."""

from torch import nn
from torch.nn import functional

from exercises.blocks.layer_norm import LayerNorm
from exercises.blocks.transformer_block import TransformerBlock
from exercises.embeddings.learned_positions import LearnedPositions
from exercises.embeddings.token_embedding import TokenEmbedding


class GPT(nn.Module):
    """The output is a linear layer that borrows its weight."""

    def __init__(self, vocabulary, context, width, layers, heads):
        super().__init__()
        self.sizes = vocabulary, context, width
        self.tokens = TokenEmbedding(vocabulary, width)
        self.positions = LearnedPositions(context, width)
        stack = [TransformerBlock(width, heads) for layer in range(layers)]
        self.blocks = nn.ModuleList(stack)
        self.norm = LayerNorm(width)

    def forward(self, ids):
        """Allocate the result first."""
        vocabulary, _, _ = self.sizes
        stream = self.positions(self.tokens(ids))
        logits = stream.new_empty(*ids.shape, vocabulary)
        for block in self.blocks:
            stream = block(stream)
        logits[:] = functional.linear(self.norm(stream), self.tokens.weight)
        return logits
