# wrong: the mask is multiplied as 0 and 1, and 0 * -inf is NaN | violates: ``-inf`` stays ``-inf``
import torch


def repetition_penalty(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    if penalty <= 0:
        raise ValueError("penalty must be positive")
    seen = torch.zeros_like(logits).scatter(-1, ids, 1.0)
    changed = torch.where(logits > 0, logits / penalty, logits * penalty)
    return seen * changed + (1 - seen) * logits
