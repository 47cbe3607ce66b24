"""Temperature by log-probabilities; at 0 all but the winner are excluded first."""

import math

import torch


def temperature(logits, t):
    """Return the probabilities of the next token at a temperature."""
    if t < 0:
        raise ValueError
    if t == 0:
        ids = torch.arange(logits.shape[-1])
        winner = torch.sort(logits, dim=-1, descending=True, stable=True).indices[..., :1]
        logits, t = torch.where(ids == winner, 0.0, -math.inf).to(logits.dtype), 1
    return torch.log_softmax(logits / t, dim=-1).exp()
