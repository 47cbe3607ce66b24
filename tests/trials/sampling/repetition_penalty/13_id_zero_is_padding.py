# wrong: id 0 is taken for padding and never penalised | violates: The logit of each token i that is among the ids of its row becomes ...; each id from 0 to V - 1
import torch


def repetition_penalty(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    if penalty <= 0:
        raise ValueError("penalty must be positive")
    seen = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, ids, True)
    seen[..., 0] = False
    factor = torch.where(logits > 0, torch.full_like(logits, 1 / penalty), torch.full_like(logits, penalty))
    return torch.where(seen, logits * factor, logits)
