"""The repetition penalty as a factor for each token, in float64; the mask by comparing all ids."""

import torch


def repetition_penalty(logits, ids, penalty):
    """Return the logits with those of all tokens that occurred changed by a penalty."""
    if penalty <= 0:
        raise ValueError
    vocabulary = logits.shape[-1]
    result = logits.detach().to(torch.float64, copy=True).reshape(-1, vocabulary)
    for row, text in zip(result, ids.reshape(result.shape[0], -1), strict=True):
        occurred = torch.bincount(text, minlength=vocabulary) > 0
        row *= torch.where(occurred, torch.where(row < 0, penalty, 1 / penalty), 1.0)
    return result.to(logits.dtype).reshape(logits.shape)
