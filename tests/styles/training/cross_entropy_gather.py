"""Cross-entropy by gather, with the losses of ignored positions set to 0."""

import torch


def cross_entropy(logits, targets, ignore_index=-100):
    """Return the mean loss over the positions that are not ignored."""
    counts = targets != ignore_index
    index = torch.where(counts, targets, torch.zeros_like(targets)).unsqueeze(-1)
    highest = logits.max(dim=-1, keepdim=True)[0].detach()
    log_sum = (logits - highest).exp().sum(-1).log() + highest.squeeze(-1)
    losses = log_sum - logits.gather(-1, index).squeeze(-1)
    return (losses * counts).sum() / counts.sum().clamp(min=1)
