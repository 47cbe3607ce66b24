"""The repetition penalty by gather and scatter: equal ids write the same number."""

import torch


def repetition_penalty(logits, ids, penalty):
    """Return the logits with those of all tokens that occurred changed by a penalty."""
    if not penalty > 0:
        raise ValueError(f"{penalty} is not positive")
    seen = logits.gather(-1, ids)
    seen = torch.where(seen < 0, seen * penalty, seen / penalty)
    result = logits.clone()
    result.scatter_(-1, ids, seen)
    return result
