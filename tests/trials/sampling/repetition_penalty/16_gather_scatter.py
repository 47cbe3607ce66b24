# right: gather, where, scatter; equal ids write equal values
import torch


def repetition_penalty(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    if penalty <= 0:
        raise ValueError("penalty must be positive")
    picked = logits.gather(-1, ids)
    changed = torch.where(picked > 0, picked / penalty, picked * penalty)
    return logits.scatter(-1, ids, changed)
