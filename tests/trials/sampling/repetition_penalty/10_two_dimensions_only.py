# wrong: works for (V,) and (B, V) only, (B, S, V) fails | violates: shape (..., V), with any leading dimensions or none
import torch


def repetition_penalty(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    if penalty <= 0:
        raise ValueError("penalty must be positive")
    if logits.dim() == 1:
        return repetition_penalty(logits[None], ids[None], penalty)[0]
    batch, _ = logits.shape
    rows = torch.arange(batch)[:, None]
    out = logits.clone()
    picked = logits[rows, ids]
    out[rows, ids] = torch.where(picked > 0, picked / penalty, picked * penalty)
    return out
