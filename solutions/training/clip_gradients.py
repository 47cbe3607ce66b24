"""Gradient clipping: no step is larger than the joint norm allows."""

import math
from collections.abc import Iterable

import torch


def clip_gradients(parameters: Iterable[torch.Tensor], max_norm: float) -> float:
    """Scale the gradients so that their joint norm is at most ``max_norm``; return the norm before.

    The joint norm is the length of the vector that all gradients make together: the square root
    of the sum of the squares of all their numbers.

    If it is more than ``max_norm``, every gradient is multiplied by max_norm / norm, the same
    factor for all. Otherwise the gradients stay bit for bit as they are.

    A parameter whose ``grad`` is None counts for nothing, and its ``grad`` stays None. If there
    is no gradient at all, the norm is 0. The parameters themselves are not changed.

    Args:
        parameters: parameters, in a list or in an iterable that can be read only once, such as
            ``model.parameters()``. Their gradients are float32 or float64 tensors of any shape,
            also of both dtypes, with numbers that are 0 or between 1e-12 and 1e12 in size.
        max_norm: the largest norm, from 0.1 to 1e12.

    Returns:
        The joint norm before scaling, a Python float. Float32's accuracy is what is asked, of the
        norm and of the gradients.

    >>> w = torch.nn.Parameter(torch.zeros(2))
    >>> b = torch.nn.Parameter(torch.zeros(1))
    >>> w.grad, b.grad = torch.tensor([3.0, 0.0]), torch.tensor([-4.0])
    >>> clip_gradients([w, b], max_norm=1.0)
    5.0
    >>> w.grad, b.grad
    (tensor([0.6000, 0.0000]), tensor([-0.8000]))

    Not to be used: ``torch.nn.utils``. Source: Pascanu et al., On the Difficulty of Training
    Recurrent Neural Networks, 2012, section 3.2.
    """
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    # The squares of the tensors' norms add up to the square of the joint norm.
    norm = math.hypot(*(gradient.norm().item() for gradient in gradients))
    if norm > max_norm:
        for gradient in gradients:
            gradient.mul_(max_norm / norm)
    return norm
