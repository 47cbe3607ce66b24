# wrong: the ids of all rows are collected and applied to every row | violates: rows are independent of each other
import torch


def repetition_penalty(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    if penalty <= 0:
        raise ValueError("penalty must be positive")
    seen = torch.unique(ids)
    out = logits.clone()
    picked = out[..., seen]
    out[..., seen] = torch.where(picked > 0, picked / penalty, picked * penalty)
    return out
