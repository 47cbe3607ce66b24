"""Top-k with torch.topk's threshold; ties at the threshold are counted from the left."""

import torch


def top_k(logits, k):
    """Return the logits with all but the k largest of each row replaced by -inf."""
    if k < 1:
        raise ValueError("at least one token has to be kept")
    k = min(k, logits.shape[-1])
    smallest = torch.topk(logits, k, dim=-1).values.min(dim=-1, keepdim=True).values
    above, at = logits > smallest, logits == smallest
    room = k - above.sum(dim=-1, keepdim=True)
    keep = above | (at & (at.cumsum(dim=-1) <= room))
    return torch.where(keep, logits, float("-inf"))
