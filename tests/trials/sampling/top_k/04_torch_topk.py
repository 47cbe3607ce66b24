# wrong: uses the indices of torch.topk, which promises no order among equal logits | violates: Of equal logits, those with lower ids are taken first
import torch


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:

    if k < 1:
        raise ValueError("k must be at least 1")
    values, indices = torch.topk(logits, min(k, logits.shape[-1]), dim=-1)
    result = torch.full_like(logits, -torch.inf)
    result.scatter_(-1, indices, values)
    return result
