"""LLM.int8() with the columns sliced by index, and its own quantization in float64."""

import torch


def find_outliers(x, threshold):
    """Return for each feature whether it has a value above the threshold."""
    return torch.any(torch.gt(torch.abs(x), threshold), 0)


def _quantize(rows):
    scale = rows.abs().max(dim=1, keepdim=True).values / 127
    scale[scale == 0] = 1
    return torch.round(rows / scale).long(), scale


def multiply_int8(x, w, threshold=6.0):
    """Return x times the transpose of w, with outlier features in floating point."""
    outlier = find_outliers(x, threshold)
    apart, rest = outlier.nonzero().flatten(), (~outlier).nonzero().flatten()
    y = torch.einsum("tj,oj->to", x.double()[:, apart], w.double()[:, apart])
    if len(rest):
        p, a = _quantize(x.double()[:, rest])
        q, b = _quantize(w.double()[:, rest])
        y = y + (p @ q.T) * (a @ b.T)
    return y.to(x.dtype)
