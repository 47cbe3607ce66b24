# wrong: the sum is divided by the number of all positions, ignored ones too | violates: "are added and divided by N"
"""Cross-entropy."""

import math

import torch


def cross_entropy(
    logits: torch.Tensor, targets: torch.Tensor, ignore_index: int = -100
) -> torch.Tensor:
    """The mean loss over the positions that are not ignored."""
    keep = targets != ignore_index
    x = logits.masked_fill(~keep.unsqueeze(-1), 0.0)
    t = torch.where(keep, targets, torch.zeros_like(targets))
    top = x.detach().amax(dim=-1, keepdim=True)
    log_p = x - top - (x - top).exp().sum(dim=-1, keepdim=True).log()
    losses = -log_p.gather(-1, t.unsqueeze(-1)).squeeze(-1)
    losses = losses * keep
    return losses.sum() / max(keep.numel(), 1)
