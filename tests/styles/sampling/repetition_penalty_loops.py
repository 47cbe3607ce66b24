"""The repetition penalty token by token, in Python's own numbers."""

import torch


def repetition_penalty(logits, ids, penalty):
    """Return the logits with those of all tokens that occurred changed by a penalty."""
    if penalty <= 0:
        raise ValueError("penalty")
    rows = logits.reshape(-1, logits.shape[-1]).tolist()
    texts = ids.reshape(len(rows), ids.shape[-1]).tolist()
    for row, text in zip(rows, texts, strict=True):
        for token in set(text):
            row[token] = row[token] / penalty if row[token] >= 0 else row[token] * penalty
    return torch.tensor(rows, dtype=logits.dtype).reshape(logits.shape)
