# right: torch.autograd.grad, gradients as a list, written to grad after clipping, nothing in place
from typing import Any

import torch
from torch import nn

from exercises.training.clip_gradients import clip_gradients
from exercises.training.cross_entropy import cross_entropy


def train_step(
    model: nn.Module,
    optimizer: Any,
    inputs: torch.Tensor,
    targets: torch.Tensor,
    rate: float,
    max_norm: float,
) -> tuple[float, float]:
    trained = [p for p in model.parameters() if p.requires_grad]
    flat = targets.reshape(-1)
    used = flat.ne(-100).nonzero().flatten()
    logits = model(inputs)
    rows = logits.reshape(-1, logits.shape[-1]).index_select(0, used)
    if rows.dtype not in (torch.float32, torch.float64):
        rows = rows.float()
    logp = torch.log_softmax(rows, dim=1)
    loss = -logp[torch.arange(len(used), device=logp.device), flat[used]].sum() / max(1, len(used))

    grads = [None] * len(trained)
    if trained and loss.requires_grad:
        grads = torch.autograd.grad(loss, trained, allow_unused=True)
    dense = [g.to_dense() if g is not None and g.is_sparse else g for g in grads]
    norm = sum(g.double().square().sum().item() for g in dense if g is not None) ** 0.5
    factor = max_norm / norm if norm > max_norm else 1.0

    optimizer.zero_grad()
    for p in model.parameters():
        p.grad = None
    for p, g in zip(trained, grads, strict=True):
        p.grad = None if g is None else g * factor
    for group in optimizer.param_groups:
        group.update(lr=rate)
    optimizer.step()
    return float(loss.detach()), float(norm)
