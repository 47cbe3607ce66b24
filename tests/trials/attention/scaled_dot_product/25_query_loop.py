# right: a loop over the queries, only the allowed keys are looked at
import math

import torch

from exercises.attention.softmax import softmax


def scaled_dot_product(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the weighted average of the values for each query."""
    lead, rows, keys = q.shape[:-2], q.shape[-2], k.shape[-2]
    allowed = torch.ones(*lead, rows, keys, dtype=torch.bool, device=q.device)
    if mask is not None:
        allowed = mask.expand(*lead, rows, keys)
    qs, ks, vs = q.reshape(-1, *q.shape[-2:]), k.reshape(-1, *k.shape[-2:]), v.reshape(-1, *v.shape[-2:])
    ms = allowed.reshape(-1, rows, keys)
    results = []
    for qq, kk, vv, mm in zip(qs, ks, vs, ms):
        for i in range(rows):
            which = mm[i]
            dots = (kk[which] * qq[i]).sum(-1)
            weights = softmax(dots / math.sqrt(q.shape[-1]))
            results.append((weights.unsqueeze(-1) * vv[which]).sum(0))
    if not results:
        return torch.zeros(*lead, rows, v.shape[-1], dtype=q.dtype)
    return torch.stack(results).reshape(*lead, rows, v.shape[-1])
