"""Temperature with a softmax of its own; at 0 the first maximum is found by counting."""

import torch


def temperature(logits, t):
    """Return the probabilities of the next token at a temperature."""
    if not t >= 0:
        raise ValueError(f"temperature {t}")
    below = logits - logits.amax(-1, keepdim=True)
    if not t:
        top = below == 0
        return (top & (top.cumsum(-1) == 1)).to(logits.dtype)
    weights = torch.exp(below / t)
    return weights / weights.sum(-1, keepdim=True)
