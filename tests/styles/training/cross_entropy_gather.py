"""Cross-entropy by gather, with the positions that do not count put to 0."""

import torch


def cross_entropy(logits, targets, ignore_index=-100):
    """The mean surprise at the targets that count."""
    counts = targets != ignore_index
    index = torch.where(counts, targets, torch.zeros_like(targets)).unsqueeze(-1)
    highest = logits.max(dim=-1, keepdim=True)[0].detach()
    log_sum = (logits - highest).exp().sum(-1).log() + highest.squeeze(-1)
    losses = log_sum - logits.gather(-1, index).squeeze(-1)
    return (losses * counts).sum() / counts.sum().clamp(min=1)
