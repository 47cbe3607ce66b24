# wrong: keeps all logits that are at least the k-th largest, more than k if they are equal | violates: Of equal logits, those with lower ids are taken first, so never more than k tokens are left
import torch


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:

    if k < 1:
        raise ValueError("k must be at least 1")
    k = min(k, logits.shape[-1])
    kth = torch.topk(logits, k, dim=-1).values[..., -1:]
    return logits.masked_fill(logits < kth, -torch.inf)
