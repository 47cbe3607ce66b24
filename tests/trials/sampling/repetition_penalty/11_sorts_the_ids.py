# wrong: ids.numpy() shares memory with ids, and sorting it changes the caller's tensor | violates: ``logits`` and ``ids`` are not changed
import torch


def repetition_penalty(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    if penalty <= 0:
        raise ValueError("penalty must be positive")
    out = logits.clone().reshape(-1, logits.shape[-1])
    texts = ids.reshape(out.shape[0], ids.shape[-1]).numpy()
    texts.sort(axis=-1)  # equal ids are neighbours now
    for row, text in zip(out, texts):
        last = -1
        for i in text.tolist():
            if i != last:
                row[i] = row[i] / penalty if row[i] > 0 else row[i] * penalty
            last = i
    return out.reshape(logits.shape)
