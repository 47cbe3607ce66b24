"""Gradient accumulation: the gradient of a batch that is too large for the memory."""

import torch
from torch import nn

from exercises.training.cross_entropy import cross_entropy


def accumulate(model: nn.Module, batches: list[tuple[torch.Tensor, torch.Tensor]]) -> float:
    """Add the gradient of a large batch to a model's gradients, one micro-batch after the other.

    A large batch is cut into micro-batches. Its loss L is the mean of the cross-entropy, as in
    the exercise training/cross_entropy, over all counted positions of all micro-batches: those
    whose target is not -100. With N counted positions in the whole large batch, each of them has
    the weight 1/N, in whichever micro-batch it is. If N is 0, L and its gradient are 0.

    Afterwards the ``grad`` of each parameter that requires one is its previous ``grad``, where
    None counts as zeros, plus the gradient of L. Where that sum is zeros, ``grad`` may also be
    None if it was None. Nothing else about the model changes, and neither do ``batches``.

    Only one micro-batch at a time is in memory: what its forward pass stores for the backward
    pass is freed before the next one's begins.

    Args:
        model: a module that maps ``inputs`` to logits, float32 or float64, and whose logits for
            one sequence do not depend on the others.
        batches: at least one micro-batch. Each is a pair (inputs, targets): the argument for the
            model, and the int64 targets, of the shape of its logits without the last dimension.
            Micro-batches may differ in their shapes and in how many positions count, which may
            be none.

    Returns:
        L, a Python float. Float32's accuracy is what is asked of L and of the gradients.

    >>> model = nn.Embedding(2, 2)
    >>> nn.init.zeros_(model.weight).requires_grad
    True
    >>> batches = [(torch.tensor([0]), torch.tensor([0]))]
    >>> batches.append((torch.tensor([1, 1, 1]), torch.tensor([1, 1, -100])))
    >>> round(accumulate(model, batches), 4)
    0.6931
    >>> model.weight.grad * 6
    tensor([[-1.,  1.],
            [ 2., -2.]])

    Source: Hugging Face, Fixing Gradient Accumulation, 2024.
    """
    raise NotImplementedError("write accumulate (about 8 lines)")
