"""Cross-entropy in float64, over the selected positions, with targets as one-hot rows."""

import torch


def cross_entropy(logits, targets, ignore_index=-100):
    """Return the mean loss over the positions that are not ignored."""
    keep = targets.ne(ignore_index)
    x, t = logits[keep].double(), targets[keep]
    one_hot = torch.eye(logits.shape[-1], dtype=torch.float64)[t]
    x = x - x.amax(dim=-1, keepdim=True)
    log_p = x - x.exp().sum(dim=-1, keepdim=True).log()
    loss = -torch.einsum("nv,nv->", log_p, one_hot)
    return (loss / max(len(t), 1)).to(logits.dtype)
