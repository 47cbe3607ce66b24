# wrong: an empty text raises ValueError | violates: T may be 0, and larger than V
import torch


def repetition_penalty(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    if penalty <= 0:
        raise ValueError("penalty must be positive")
    if ids.numel() == 0:
        raise ValueError("no ids: there is nothing to penalise")
    seen = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, ids, True)
    changed = torch.where(logits > 0, logits / penalty, logits * penalty)
    return torch.where(seen, changed, logits)
