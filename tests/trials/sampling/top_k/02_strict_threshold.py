# wrong: keeps only logits above the (k+1)-th largest, so fewer than k are left when it is equal to the k-th | violates: The k largest logits of a row stay as they are [...] Of equal logits, those with lower ids are taken first
import torch


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:

    if k < 1:
        raise ValueError("k must be at least 1")
    if k >= logits.shape[-1]:
        return logits.clone()
    ordered = logits.sort(dim=-1, descending=True).values
    bar = ordered[..., k : k + 1]
    return torch.where(logits > bar, logits, torch.full_like(logits, -torch.inf))
