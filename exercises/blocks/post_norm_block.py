"""The first transformer's block: norms after the sums."""

import torch
from torch import nn

from exercises.attention.multi_head import MultiHeadAttention
from exercises.blocks.feed_forward import FeedForward
from exercises.blocks.layer_norm import LayerNorm


class PostNormBlock(nn.Module):
    """Add to each token what each part makes of it, and normalise every sum.

    Letters: B sequences, T tokens, C numbers per token. For a sequence x of T vectors

        h = norm1(x + attention(x))
        y = norm2(h + feed_forward(h))

    The norms stand after the sums (post-norm): attention reads x as it comes, the feed-forward
    network reads h, and in a new block each vector of y has mean 0 and variance 1. The four
    parts are

        norm1, norm2    LayerNorm(width)
        attention       MultiHeadAttention(width, heads), causal, with biases
        feed_forward    FeedForward(width, 4 * width)

    from the exercises before, each an attribute of that name; their parameters are the module's
    only ones. So a token is never changed by a later one, and sequences know nothing of each
    other. There is no dropout: training and evaluation are the same computation.

    >>> block = PostNormBlock(width=2, heads=1)
    >>> for part in (block.attention.out, block.feed_forward.down):
    ...     for numbers in part.parameters():
    ...         _ = nn.init.zeros_(numbers)
    >>> block(torch.tensor([[[5.0, 7.0]]])).detach().round(decimals=3).tolist()
    [[[-1.0, 1.0]]]

    Not to be used: ``torch.nn.TransformerEncoderLayer`` and its kin
    (``torch.nn.TransformerDecoderLayer``, ``torch.nn.MultiheadAttention``). Source: Vaswani et
    al., 2017, section 3.1; Xiong et al., 2020, figure 1.
    """

    def __init__(self, width: int, heads: int) -> None:
        """Make the four parts.

        Args:
            width: how many numbers a token has, C; at least 1.
            heads: how many heads attention has; divides ``width``.
        """
        raise NotImplementedError("write PostNormBlock.__init__ (about 5 lines)")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Pass every sequence through the block.

        Args:
            x: float tensor of shape (B, T, C), of the parameters' dtype; T is at least 1.

        Returns:
            A new tensor of the shape and dtype of ``x``; ``x`` stays as it was. Gradients
            flow to ``x`` and to the parameters.
        """
        raise NotImplementedError("write PostNormBlock.forward (about 2 lines)")
