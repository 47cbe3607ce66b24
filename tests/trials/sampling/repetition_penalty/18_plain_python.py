# right: plain Python with a set of ids for each row
import torch


def penalised(x: float, penalty: float) -> float:
    if x > 0:
        return x / penalty
    return x * penalty if x < 0 else x


def repetition_penalty(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    if penalty <= 0:
        raise ValueError("penalty must be positive")
    size = logits.shape[-1]
    rows = logits.reshape(-1, size).tolist()
    texts = ids.reshape(len(rows), ids.shape[-1]).tolist()
    result = []
    for row, text in zip(rows, texts):
        seen = set(text)
        result.append([penalised(x, penalty) if i in seen else x for i, x in enumerate(row)])
    return torch.tensor(result, dtype=logits.dtype, device=logits.device).reshape(logits.shape)
