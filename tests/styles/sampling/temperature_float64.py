"""Temperature in float64 with torch's softmax, and one-hot rows at 0."""

import torch
from torch.nn import functional


def temperature(logits, t):
    """Return the probabilities of the next token at a temperature."""
    if t < 0:
        raise ValueError("a temperature is 0 or more")
    if t > 0:
        p = torch.softmax(logits.double() / t, dim=-1)
    else:
        p = functional.one_hot(logits.max(dim=-1).indices, logits.size(-1))
    return p.to(logits.dtype)
