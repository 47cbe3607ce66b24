# wrong: where every position is ignored, a fresh zero is returned, through which no gradient flows | violates: "If N is 0, the result is 0 and so is the gradient."
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
    if not keep.any():
        return torch.zeros((), dtype=logits.dtype)
    logits, targets = logits[keep], targets[keep]
    shifted = logits - logits.max(dim=-1, keepdim=True).values
    log_sum = shifted.exp().sum(dim=-1).log()
    target_logit = shifted.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    losses = log_sum - target_logit
    return losses.sum() / max(len(losses), 1)
