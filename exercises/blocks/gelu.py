"""GELU: a number passes in proportion to how far above zero it lies."""

import math

import torch


def gelu(x: torch.Tensor) -> torch.Tensor:
    """Bend each number of ``x`` by GPT-2's form of the Gaussian error linear unit.

    For each number x by itself

        gelu(x) = 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))

    This is the tanh form, not the exact one with the error function, from which it differs by
    up to 0.0005. No x, however far above or below zero (1e4), gives NaN or infinity, neither in
    the result nor in its gradient: far above zero x passes unchanged, far below it becomes 0.

    Args:
        x: float tensor of any shape, with or without dimensions and numbers.

    Returns:
        A new tensor of the shape and dtype of ``x``; ``x`` stays as it was. Gradients flow
        through it.

    >>> gelu(torch.tensor([-1.0, 0.0, 1.0]))
    tensor([-0.1588,  0.0000,  0.8412])

    Not to be used: ``torch.nn.functional.gelu`` and ``torch.nn.GELU``. Source: Hendrycks and
    Gimpel, Gaussian Error Linear Units, 2016, section 2.
    """
    raise NotImplementedError("write gelu (about 2 lines)")
