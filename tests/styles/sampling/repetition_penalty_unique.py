"""The repetition penalty row by row, at the unique ids of each text."""

import torch


def repetition_penalty(logits, ids, penalty):
    """Return the logits with those of all tokens that occurred changed by a penalty."""
    if penalty <= 0:
        raise ValueError("a penalty is positive")
    if logits.dim() > 1:
        pairs = zip(logits, ids, strict=True)
        return torch.stack([repetition_penalty(row, text, penalty) for row, text in pairs])
    result, tokens = logits.clone(), ids.unique()
    x = logits[tokens]
    result[tokens] = (
        torch.minimum(x * penalty, x / penalty)
        if penalty > 1
        else torch.maximum(x * penalty, x / penalty)
    )
    return result
