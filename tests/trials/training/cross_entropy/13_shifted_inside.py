# wrong: logits and targets are shifted by one against each other | violates: "A target is the token that the logits at the same position predict: nothing is shifted here."
"""Cross-entropy."""

import math

import torch


def cross_entropy(
    logits: torch.Tensor, targets: torch.Tensor, ignore_index: int = -100
) -> torch.Tensor:
    """The mean loss over the positions that are not ignored."""
    if targets.dim() > 0:
        logits, targets = logits[..., :-1, :], targets[..., 1:]
    logits = logits.reshape(-1, logits.shape[-1])
    targets = targets.reshape(-1)
    keep = targets != ignore_index
    logits, targets = logits[keep], targets[keep]
    shifted = logits - logits.max(dim=-1, keepdim=True).values
    log_sum = shifted.exp().sum(dim=-1).log()
    target_logit = shifted.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    losses = log_sum - target_logit
    return losses.sum() / max(len(losses), 1)
