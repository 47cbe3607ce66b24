"""Per-channel quantization, row after row and number after number."""

import torch


def quantize(w):
    """Return integers from -127 to 127 and a scale for each row."""
    rows, scales = [], []
    for row in w.tolist():
        scale = max(map(abs, row)) / 127 or 1.0
        rows.append([round(number / scale) for number in row])
        scales.append(scale)
    return torch.tensor(rows, dtype=torch.int8), torch.tensor(scales, dtype=w.dtype)


def dequantize(q, scale):
    """Return each row times its scale."""
    return torch.stack([row.to(scale.dtype) * s for row, s in zip(q, scale, strict=True)])
