# right: k-th value from topk, all above it, then the first of the equal ones by a cumulative count
import torch


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:

    if k < 1:
        raise ValueError("k must be 1 or more")
    k = min(k, logits.shape[-1])
    bar = torch.topk(logits, k, dim=-1).values.amin(dim=-1, keepdim=True)
    above = logits > bar
    equal = logits == bar
    free = k - above.sum(dim=-1, keepdim=True)
    keep = above | (equal & (equal.cumsum(dim=-1) <= free))
    return torch.where(keep, logits, torch.full_like(logits, -torch.inf))
