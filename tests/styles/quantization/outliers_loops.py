"""LLM.int8() token by token and feature by feature."""

import torch


def find_outliers(x, threshold):
    """Return for each feature whether it has a value above the threshold."""
    return torch.tensor([max(abs(a) for a in column) > threshold for column in x.T.tolist()])


def _quantize(row):
    scale = max([abs(number) for number in row], default=0.0) / 127 or 1.0
    return [round(number / scale) for number in row], scale


def multiply_int8(x, w, threshold=6.0):
    """Return x times the transpose of w, with outlier features in floating point."""
    apart = find_outliers(x, threshold).tolist()
    rest = [j for j, outlier in enumerate(apart) if not outlier]
    weights = [_quantize([row[j] for j in rest]) for row in w.tolist()]
    y = []
    for token in x.tolist():
        integers, a = _quantize([token[j] for j in rest])
        products = []
        for row, (others, b) in zip(w.tolist(), weights, strict=True):
            total = sum(p * q for p, q in zip(integers, others, strict=True)) * a * b
            products.append(total + sum(token[j] * row[j] for j in range(len(row)) if apart[j]))
        y.append(products)
    return torch.tensor(y, dtype=x.dtype)
