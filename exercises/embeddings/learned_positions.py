"""Learned positions: every place in the context has a vector of its own, which is learnt."""

import torch
from torch import nn


class LearnedPositions(nn.Module):
    """Add to each token's vector the vector of the place where it stands.

    For a context of at most ``context`` tokens and vectors of C numbers, ``weight`` is a table
    with a row for each position, and

        output[b, t] = x[b, t] + weight[t]

    ``weight``, of shape (context, C), is the module's only parameter and starts as normal
    numbers with mean 0 and standard deviation 0.02.

    >>> layer = LearnedPositions(3, 2)
    >>> rows = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    >>> layer.load_state_dict({"weight": rows})
    <All keys matched successfully>
    >>> layer(torch.tensor([[[10.0, 10.0], [20.0, 20.0]]])).tolist()
    [[[11.0, 12.0], [23.0, 24.0]]]

    Source: Gehring et al., 2017, section 3.1; Radford et al., 2018, section 4.1.
    """

    def __init__(self, context: int, width: int) -> None:
        """Make the table.

        Args:
            context: how many positions there are, at least 1.
            width: how many numbers a vector has, C; at least 1.
        """
        raise NotImplementedError("write LearnedPositions.__init__ (about 2 lines)")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Add the positions to ``x``.

        Args:
            x: float tensor of shape (B, T, C), of the dtype of ``weight``; T is at least 1 and
                at most ``context``, else ``ValueError``.

        Returns:
            A new tensor of the shape and dtype of ``x``; ``x`` stays as it was. Gradients flow
            to ``x`` and ``weight``: each position gathers those of the whole batch, and one
            that is not used gets 0.
        """
        raise NotImplementedError("write LearnedPositions.forward (about 4 lines)")
