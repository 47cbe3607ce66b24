# right: boolean mask of seen tokens, then masked assignment for each sign
import torch


def repetition_penalty(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    if penalty <= 0:
        raise ValueError("penalty must be positive")
    seen = torch.zeros(logits.shape, dtype=torch.bool, device=logits.device)
    seen.scatter_(-1, ids, True)
    result = logits.clone()
    up = seen & (logits > 0)
    down = seen & (logits < 0)
    result[up] = logits[up] / penalty
    result[down] = logits[down] * penalty
    return result
