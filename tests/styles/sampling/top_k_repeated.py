"""Top-k in k rounds: each takes the first largest logit of what is left, into a buffer."""

import math

import torch


def top_k(logits, k):
    """Return the logits with all but the k largest of each row replaced by -inf."""
    if k < 1:
        raise ValueError(k)
    left, kept = logits.clone(), torch.full(logits.shape, -math.inf, dtype=logits.dtype)
    for _ in range(min(k, logits.shape[-1])):
        best = left.argmax(dim=-1, keepdim=True)
        kept.scatter_(-1, best, torch.maximum(kept.gather(-1, best), left.gather(-1, best)))
        left.scatter_(-1, best, -math.inf)
    return kept
