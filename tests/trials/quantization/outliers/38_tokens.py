# wrong: finds outlier tokens: one bool per row | violates: A new bool tensor of shape (in,)
"""LLM.int8(): a product of 8-bit integers, with outlier features kept in floating point."""

import torch

from exercises.quantization.per_channel import quantize


def find_outliers(x: torch.Tensor, threshold: float) -> torch.Tensor:
    """Return which features have an outlier, in any token.

    A feature is a column of x. It is an outlier feature if at least one of its absolute values is
    larger than the threshold; a value that equals the threshold is none.

    Args:
        x: float32 or float64 tensor of shape (T, in): T tokens with ``in`` features each, both
            at least 1.
        threshold: a positive number.

    Returns:
        A new bool tensor of shape (in,); ``x`` is not changed.

    >>> find_outliers(torch.tensor([[1.0, -7.0, 6.0], [2.0, 0.0, 3.0]]), 6.0)
    tensor([False,  True, False])
    """
    return (x.abs() > threshold).any(dim=1)


def multiply_int8(x: torch.Tensor, w: torch.Tensor, threshold: float = 6.0) -> torch.Tensor:
    """Return x times the transpose of w, computed in 8-bit integers except for outlier features.

    The features are divided into the outlier features O of x (see ``find_outliers``) and the
    others R. Both parts of the sum over the features are computed apart, and added:

        y = x[:, O] w[:, O]^T  +  (x[:, R] in int8) (w[:, R] in int8)^T, scaled

    The first product is in the floating point of x. For the second, each row of x[:, R], which
    is a token, and each row of w[:, R], which is an output feature, is quantized as in
    ``per_channel``: with the scale absmax / 127 of this row, where no outlier feature counts,
    neither in x nor in w. With the integers p and q and the scales a and b of x and w,

        scaled product [t, o] = a[t] * b[o] * sum over R of p[t, j] * q[o, j]

    where the sum is exact: such sums do not fit into int8, but into int32. If there is no outlier
    feature, all of x and w is quantized; if there are only outlier features, y is the product in
    floating point.

    Args:
        x: float32 or float64 tensor of shape (T, in), with T at least 1 and ``in`` from 1 to
            100,000.
        w: tensor of the dtype of ``x`` and of shape (out, in), with ``out`` at least 1. Numbers
            in x and w are 0, or from 1e-9 to 1e9 in absolute value.
        threshold: a positive number; see ``find_outliers``.

    Returns:
        A new tensor of shape (T, out) and the dtype of ``x``; ``x`` and ``w`` are not changed.

    >>> multiply_int8(torch.tensor([[1.27, 50.0, -0.644]]), torch.tensor([[1.27, 2.0, 0.5]]))
    tensor([[101.2929]])

    Source: Dettmers et al., LLM.int8(), 2022, section 3.
    """
    outlier = find_outliers(x, threshold)
    y = x[:, outlier] @ w[:, outlier].T
    if not outlier.all():
        (p, a), (q, b) = quantize(x[:, ~outlier]), quantize(w[:, ~outlier])
        y = y + a[:, None] * b * (p.int() @ q.int().T)
    return y
