"""The Transformer block, pre-norm: attention and the feed-forward network on a residual stream."""

import torch
from torch import nn

from exercises.attention.multi_head import MultiHeadAttention
from exercises.blocks.feed_forward import FeedForward
from exercises.blocks.layer_norm import LayerNorm


class TransformerBlock(nn.Module):
    """Add the output of attention to each token, then that of the feed-forward network.

    Notation: batch size B, sequence length T, embedding dimension C (``width``). For a sequence x
    of T vectors

        h = x + attention(norm1(x))
        y = h + feed_forward(norm2(h))

    The norms are before the parts (pre-norm): both outputs are added to the residual stream
    itself, never to its normalised form, and nothing is normalised after the last sum. The four
    parts are

        norm1, norm2    LayerNorm(width)
        attention       MultiHeadAttention(width, heads), causal, with biases
        feed_forward    FeedForward(width, 4 * width)

    from the earlier exercises, each an attribute of that name, with the eps and the random start
    that it has there. Their parameters are the module's only ones. An output never depends on a
    later token or on another sequence of the batch. There is no dropout; training and evaluation
    mode compute the same. The accuracy of float32 is enough, also in float64.

    >>> block = TransformerBlock(width=2, heads=1)
    >>> for part in (block.attention.out, block.feed_forward.down):
    ...     for numbers in part.parameters():
    ...         _ = nn.init.zeros_(numbers)
    >>> block(torch.tensor([[[5.0, 7.0]]])).tolist()  # both parts add zeros
    [[[5.0, 7.0]]]

    Not to be used: ``torch.nn.TransformerEncoderLayer`` and similar modules
    (``torch.nn.TransformerDecoderLayer``, ``torch.nn.MultiheadAttention``,
    ``torch.nn.LayerNorm``, also as base classes), and the functions that do their work
    (``torch.nn.functional.layer_norm``, ``scaled_dot_product_attention``, ``gelu``). Source:
    Radford et al., 2019, section 2.3; Xiong et al., 2020, figure 1.
    """

    def __init__(self, width: int, heads: int) -> None:
        """Create the four parts.

        Args:
            width: the embedding dimension, d_model; at least 1.
            heads: the number of heads; divides ``width``.
        """
        raise NotImplementedError("write TransformerBlock.__init__ (about 5 lines)")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the block's output for every sequence.

        Args:
            x: float tensor of shape (B, T, C), of the parameters' dtype; T is at least 1.

        Returns:
            A new tensor of the shape and dtype of ``x``; ``x`` is not changed. Gradients
            flow to ``x`` and to the parameters.
        """
        raise NotImplementedError("write TransformerBlock.forward (about 2 lines)")
