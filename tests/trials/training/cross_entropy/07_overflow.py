# wrong: the maximum is not subtracted, so that exp overflows | violates: "For logits between -1e4 and 1e4, neither the result nor the gradient is NaN or infinite, even where p_t is too small for the dtype."
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
    shifted = logits
    log_sum = shifted.exp().sum(dim=-1).log()
    target_logit = shifted.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    losses = log_sum - target_logit
    return losses.sum() / max(len(losses), 1)
