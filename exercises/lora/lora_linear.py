"""LoRA: two small trainable matrices beside a frozen linear layer."""

import math

import torch
from torch import nn


class LoRALinear(nn.Module):
    """Add a trainable update of low rank to a frozen linear layer.

    Notation: the weight W of shape (out, in) and the bias b of shape (out,) of the base layer, a
    matrix A of shape (rank, in) and a matrix B of shape (out, rank). For each vector x along the
    last dimension

        y = W x + b + (alpha / rank) * B A x

    A is the parameter ``lora_A``. It starts as random numbers, other ones for each layer, from
    the normal distribution with mean 0 and standard deviation 1 / sqrt(in). B is the parameter
    ``lora_B``. It starts as zeros, so a new layer returns exactly what its base layer returns.
    Both have the dtype of W.

    The attribute ``base`` is the base layer itself, not a copy. Its weight and bias are not
    changed, and they are frozen (``requires_grad`` is False): only ``lora_A`` and ``lora_B``
    are trained.

    >>> base = nn.Linear(3, 5)
    >>> layer = LoRALinear(base, rank=2, alpha=4.0)
    >>> tuple(layer.lora_A.shape), tuple(layer.lora_B.shape)
    ((2, 3), (5, 2))
    >>> x = torch.ones(7, 3)
    >>> torch.equal(layer(x), base(x))
    True

    Not to be used: a library for LoRA, such as peft. Source: Hu et al., LoRA, 2021, section 4.1.
    """

    def __init__(self, base: nn.Linear, rank: int, alpha: float) -> None:
        """Freeze the base layer and create the two matrices.

        Args:
            base: the layer to adapt, with a bias or without one.
            rank: the number of rows of A and of columns of B, at least 1, else ``ValueError``.
            alpha: the strength of the update, which is divided by ``rank``.
        """
        raise NotImplementedError("write LoRALinear.__init__ (about 9 lines)")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the output of the base layer plus the update.

        Args:
            x: float tensor of shape (..., in), of the dtype of W.

        Returns:
            A new tensor of shape (..., out) and the dtype of ``x``; ``x`` is not changed.
            Gradients flow to ``lora_A``, ``lora_B`` and, through both terms, to ``x``.
        """
        raise NotImplementedError("write LoRALinear.forward (about 2 lines)")
