"""GPT: embeddings, a stack of Transformer blocks, and logits for the next token."""

import torch
from torch import nn

from exercises.blocks.layer_norm import LayerNorm
from exercises.blocks.transformer_block import TransformerBlock
from exercises.embeddings.learned_positions import LearnedPositions
from exercises.embeddings.token_embedding import TokenEmbedding


class GPT(nn.Module):
    """Compute logits for the next token at every position of a sequence.

    Notation: batch size B, sequence length T, vocabulary size V, embedding dimension C
    (``width``), L layers. With E of shape (V, C), the weight of the token embedding,

        x_0 = positions(tokens(ids))
        x_l = block_l(x_(l-1))        for l = 1 to L
        logits = norm(x_L) E^T

    The parts are

        tokens       TokenEmbedding(vocabulary, width)
        positions    LearnedPositions(context, width)
        blocks       an nn.ModuleList of L TransformerBlock(width, heads)
        norm         LayerNorm(width)

    from the earlier exercises, each an attribute of that name, with its own random
    initialisation. Every block has parameters of its own. The parameters of the parts are the
    model's only ones: the output layer has neither a weight nor a bias of its own. It uses E
    itself (weight tying), so E receives gradients from both of its uses. What counts are the names
    of ``named_parameters()``, which lists each parameter once: a tied ``nn.Linear`` that holds E
    too, or a buffer, may add names to ``state_dict()``.

    The logits at position t depend on the tokens at positions 0 to t, never on a later token or
    on another sequence of the batch. There is no dropout; training and evaluation mode compute
    the same. Float32's accuracy is what is asked, also of a float64 model.

    >>> model = GPT(vocabulary=7, context=5, width=6, layers=2, heads=3)
    >>> model(torch.tensor([[1, 0, 4], [6, 6, 2]])).shape
    torch.Size([2, 3, 7])

    Not to be used: ``torch.nn.Transformer`` and its layers, or another library's GPT. Source:
    Radford et al., Language Models are Unsupervised Multitask Learners, 2019, section 2.3; Press
    and Wolf, Using the Output Embedding to Improve Language Models, 2017.
    """

    def __init__(self, vocabulary: int, context: int, width: int, layers: int, heads: int) -> None:
        """Create the parts.

        Args:
            vocabulary: the vocabulary size V, at least 1.
            context: the context length, which is the largest T; at least 1.
            width: the embedding dimension C (``d_model``), at least 1.
            layers: the number of blocks L, at least 1.
            heads: the number of heads in each block, at least 1; ``ValueError`` if it does not
                divide ``width``.
        """
        super().__init__()
        self.tokens = TokenEmbedding(vocabulary, width)
        self.positions = LearnedPositions(context, width)
        self.blocks = nn.ModuleList(TransformerBlock(width, heads) for _ in range(layers))
        self.norm = LayerNorm(width)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the logits for the token after each of ``ids``.

        Args:
            ids: int64 tensor of shape (B, T) with values from 0 to V - 1; T is at least 1, and
                ``ValueError`` is raised if it is more than ``context``.

        Returns:
            A new tensor of shape (B, T, V) in the dtype of the parameters; ``ids`` is not
            changed. Gradients flow to all parameters.
        """
        x = self.positions(self.tokens(ids))  # (B, T, C)
        for block in self.blocks:
            x = block(x)
        # Every block adds to the residual stream, so it has grown; the norm rescales it. Each
        # logit is then a dot product of the stream with a token's embedding.
        return self.norm(x) @ self.tokens.weight.T  # (B, T, V)
