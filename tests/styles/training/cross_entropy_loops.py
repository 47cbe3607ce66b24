"""Cross-entropy position by position."""

import torch


def cross_entropy(logits, targets, ignore_index=-100):
    """Return the mean loss over the positions that are not ignored."""
    total, counted = (logits * 0).sum(), 0
    rows = logits.reshape(-1, logits.shape[-1])
    for row, target in zip(rows, targets.reshape(-1).tolist(), strict=True):
        if target == ignore_index:
            continue
        shifted = row - row.max()
        total = total + torch.log(torch.exp(shifted).sum()) - shifted[target]
        counted += 1
    return total / counted if counted else total
