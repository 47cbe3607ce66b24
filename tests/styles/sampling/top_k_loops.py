"""Top-k row by row, with Python's sort."""

import torch


def top_k(logits, k):
    """Return the logits with all but the k largest of each row replaced by -inf."""
    if k <= 0:
        raise ValueError("k")
    rows = []
    for row in logits.reshape(-1, logits.size(-1)).tolist():
        ranked = sorted(enumerate(row), key=lambda pair: (-pair[1], pair[0]))
        keep = {i for i, _ in ranked[:k]}
        rows.append([x if i in keep else float("-inf") for i, x in enumerate(row)])
    return torch.tensor(rows, dtype=logits.dtype).view(logits.shape)
