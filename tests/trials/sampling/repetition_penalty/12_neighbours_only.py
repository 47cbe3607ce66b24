# wrong: unique_consecutive removes only repetitions that follow each other | violates: once, however often the token occurs
import torch


def repetition_penalty(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    if penalty <= 0:
        raise ValueError("penalty must be positive")
    out = logits.clone().reshape(-1, logits.shape[-1])
    texts = ids.reshape(out.shape[0], ids.shape[-1])
    for row, text in zip(out, texts):
        for i in torch.unique_consecutive(text).tolist():
            row[i] = row[i] * penalty if row[i] < 0 else row[i] / penalty
    return out.reshape(logits.shape)
