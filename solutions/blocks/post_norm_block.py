"""The post-norm block of the original Transformer: a norm after each sum."""

import torch
from torch import nn

from exercises.attention.multi_head import MultiHeadAttention
from exercises.blocks.feed_forward import FeedForward
from exercises.blocks.layer_norm import LayerNorm


class PostNormBlock(nn.Module):
    """Add the output of each part to the residual stream, and normalise each sum.

    Notation: batch size B, sequence length T, embedding dimension C (``width``). For a sequence x
    of T vectors

        h = norm1(x + attention(x))
        y = norm2(h + feed_forward(h))

    The norms are after the sums (post-norm): attention reads x without a norm, the feed-forward
    network reads h. In a new block of a width of at least 2 each vector of y has mean 0 and,
    but for eps, variance 1. The four parts are

        norm1, norm2    LayerNorm(width)
        attention       MultiHeadAttention(width, heads), causal, with biases
        feed_forward    FeedForward(width, 4 * width)

    from the earlier exercises, each an attribute of that name, with the eps and the random start
    that it has there. Their parameters are the module's only ones. An output never depends on a
    later token or on another sequence of the batch. There is no dropout; training and evaluation
    mode compute the same. The accuracy of float32 is enough, also in float64.

    >>> block = PostNormBlock(width=2, heads=1)
    >>> for part in (block.attention.out, block.feed_forward.down):
    ...     for numbers in part.parameters():
    ...         _ = nn.init.zeros_(numbers)
    >>> block(torch.tensor([[[5.0, 7.0]]])).detach().round(decimals=3).tolist()
    [[[-1.0, 1.0]]]

    Not to be used: ``torch.nn.TransformerEncoderLayer`` and similar modules
    (``torch.nn.TransformerDecoderLayer``, ``torch.nn.MultiheadAttention``,
    ``torch.nn.LayerNorm``, also as base classes), and the functions that do their work
    (``torch.nn.functional.layer_norm``, ``scaled_dot_product_attention``, ``gelu``). Source:
    Vaswani et al., 2017, section 3.1; Xiong et al., 2020, figure 1.
    """

    def __init__(self, width: int, heads: int) -> None:
        """Create the four parts.

        Args:
            width: the embedding dimension, d_model; at least 1.
            heads: the number of heads; divides ``width``.
        """
        super().__init__()
        self.attention = MultiHeadAttention(width, heads)
        self.norm1 = LayerNorm(width)
        self.feed_forward = FeedForward(width, 4 * width)
        self.norm2 = LayerNorm(width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the block's output for every sequence.

        Args:
            x: float tensor of shape (B, T, C), of the parameters' dtype; T is at least 1.

        Returns:
            A new tensor of the shape and dtype of ``x``; ``x`` is not changed. Gradients
            flow to ``x`` and to the parameters.
        """
        # Each sum is normalised before anything reads it, so the stream cannot grow with
        # depth; but every gradient has to pass through every norm.
        h = self.norm1(x + self.attention(x))
        return self.norm2(h + self.feed_forward(h))
