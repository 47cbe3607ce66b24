# wrong: 1e-9 is added to the probability inside the logarithm | violates: "loss = -log p_t        where p_i = exp(x_i) / sum_j exp(x_j)"
"""Cross-entropy."""

import math

import torch


def cross_entropy(
    logits: torch.Tensor, targets: torch.Tensor, ignore_index: int = -100
) -> torch.Tensor:
    """The mean loss over the positions that are not ignored."""
    logits = logits.reshape(-1, logits.shape[-1])
    targets = targets.reshape(-1)
    keep = targets != ignore_index
    logits, targets = logits[keep], targets[keep]
    p = torch.softmax(logits, dim=-1)
    losses = -(p.gather(-1, targets.unsqueeze(-1)).squeeze(-1) + 1e-9).log()
    return losses.sum() / max(len(losses), 1)
