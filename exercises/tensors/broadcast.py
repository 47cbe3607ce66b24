"""Broadcasting: one operation on tensors of different shapes."""

import torch


def broadcast_shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of the result when tensors of these shapes are broadcast together.

    The shapes are aligned at their last dimensions, and a dimension that a shorter shape lacks
    counts as a size of 1. Along each dimension a size of 1 goes with any size, and all sizes
    other than 1 must be equal: they are the size of the result, which is 1 if there are none.
    0 is a size like any other here: 0 and 1 give 0, and 0 and 3 do not go together.

    Args:
        shapes: any number of tuples of integers, each integer at least 0. Sizes may be so large
            that no tensor of that shape can be created.

    Returns:
        A tuple of integers: () if no shape is given. ``ValueError`` is raised if two sizes do
        not go together.

    >>> broadcast_shape((2, 3, 1), (5,))
    (2, 3, 5)

    Not to be used: ``broadcast_shapes``, ``broadcast_tensors`` and ``broadcast_to`` of PyTorch,
    and ``broadcast_shapes``, ``broadcast_arrays`` and ``broadcast_to`` of NumPy. Source: PyTorch,
    Broadcasting semantics.
    """
    raise NotImplementedError("write broadcast_shape (about 8 lines)")


def squared_distances(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Return the squared Euclidean distance of each row of ``a`` to each row of ``b``.

    Notation: ``a`` has N rows, ``b`` has M rows, and each row is a point with C features.

        output[i, j] = sum_c (a[i, c] - b[j, c])^2

    No output is negative, not even by a rounding error, and each is right to within
    1e-5 * (sum_c a[i, c]^2 + sum_c b[j, c]^2), in float64 as well.

    N * M * C numbers are too many to be stored at once: for N = 1009, M = 1013 and C = 67 the
    call gets 128 MiB of memory and 5 seconds. So much is enough for dozens of tensors of shape
    (N, M), not for one of shape (N, M, C), and not for a Python loop over all N * M pairs.

    Args:
        a: float32 or float64 tensor of shape (N, C).
        b: tensor of shape (M, C) and the dtype of ``a``. N, M and C are at least 1; any two of
            them, or all three, may be equal.

    Returns:
        A new tensor of shape (N, M) and the dtype of ``a``; ``a`` and ``b`` are not changed.
        Gradients flow to both.

    >>> squared_distances(torch.tensor([[0.0, 0.0]]), torch.tensor([[3.0, 4.0], [0.0, 2.0]]))
    tensor([[25.,  4.]])

    Not to be used: ``torch.cdist``, ``pairwise_distance`` and ``scipy.spatial``.
    """
    raise NotImplementedError("write squared_distances (about 3 lines)")
