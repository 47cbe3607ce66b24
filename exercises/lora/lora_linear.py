"""LoRA: a frozen linear layer learns through two thin matrices beside it."""

import math

import torch
from torch import nn


class LoRALinear(nn.Module):
    """A frozen linear layer plus a trainable update of low rank.

    With W (out, in) and b (out) the weight and the bias of the base layer, the output is

        y = x W^T + b + (alpha / rank) * x A^T B^T

    A (rank, in) is the parameter ``lora_A``. At first each entry is drawn, anew for each layer,
    from the normal distribution of mean 0 and standard deviation 1 / sqrt(in). B (out, rank) is
    the parameter ``lora_B``, zero at first, so a new layer gives exactly what its base gives.
    Both have the dtype of W.

    ``base`` itself, not a copy, is the attribute ``base``. Its numbers stay as they are, and
    all its parameters are frozen (``requires_grad`` is False): only ``lora_A`` and ``lora_B`` are
    trained. Gradients flow to them and, through both terms, to x.

    Args:
        base: the layer to adapt, with or without a bias.
        rank: columns of B and rows of A, at least 1; anything less is a ``ValueError``.
        alpha: the strength of the update, before it is divided by ``rank``.

    >>> base = nn.Linear(3, 5)
    >>> layer = LoRALinear(base, rank=2, alpha=4.0)
    >>> tuple(layer.lora_A.shape), tuple(layer.lora_B.shape)
    ((2, 3), (5, 2))
    >>> x = torch.ones(7, 3)
    >>> torch.equal(layer(x), base(x))
    True

    Not to be used: a library that brings LoRA. Source: Hu et al., LoRA, 2021, section 4.1.
    """

    def __init__(self, base: nn.Linear, rank: int, alpha: float) -> None:
        raise NotImplementedError("write LoRALinear.__init__ (about 9 lines)")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give y (..., out) for x (..., in); both have the dtype of the base."""
        raise NotImplementedError("write LoRALinear.forward (about 2 lines)")
