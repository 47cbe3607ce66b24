"""transformers' TopPLogitsWarper and MinPLogitsWarper, called with the same logits.

Equal logits have no order there, so they are lowered by less than what is asked: by id, in float64.
"""

import torch
from transformers.generation.logits_process import MinPLogitsWarper, TopPLogitsWarper


def top_p(logits, p, min_p=0.0):
    """Both of their choices, applied to the logits."""
    if not 0 <= min_p <= 1:
        raise ValueError("min_p")
    rows = logits.reshape(-1, logits.shape[-1])
    apart = rows.double() - 1e-10 * torch.arange(rows.shape[-1], dtype=torch.float64)
    out = torch.zeros_like(rows, dtype=torch.bool)
    warped = TopPLogitsWarper(p)(None, apart)
    if p < 1:  # theirs drops what is too small for the dtype
        out |= warped.isinf()
    out |= MinPLogitsWarper(min_p)(None, rows).isinf()
    return rows.masked_fill(out, -torch.inf).reshape(logits.shape)
