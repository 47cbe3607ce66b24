"""GELU: a smooth nonlinearity, in the tanh form that GPT-2 uses."""

import math

import torch


def gelu(x: torch.Tensor) -> torch.Tensor:
    """Return the Gaussian error linear unit of each number of ``x``, in GPT-2's tanh form.

    For each number x

        gelu(x) = 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))

    This is the tanh form, not the exact one with the error function; the two differ by up to
    0.0005. In float32 and float64, for x between -1e4 and 1e4, neither the result nor its
    gradient is NaN or infinite: far above zero the result is x, far below it is 0. The accuracy of
    float32 is enough, also for float64.

    Args:
        x: float32 or float64 tensor of any shape, also without dimensions or without numbers.

    Returns:
        A new tensor of the shape and dtype of ``x``; ``x`` is not changed. Gradients flow
        through it.

    >>> gelu(torch.tensor([-1.0, 0.0, 1.0]))
    tensor([-0.1588,  0.0000,  0.8412])

    Not to be used: ``torch.nn.functional.gelu`` and ``torch.nn.GELU``. Source: Hendrycks and
    Gimpel, Gaussian Error Linear Units, 2016, section 2.
    """
    raise NotImplementedError("write gelu (about 2 lines)")
