# wrong: each parameter's gradient is clipped by its own norm | violates: all gradients are multiplied by one factor, so that their joint norm becomes ``max_norm``
from typing import Any

import torch
from torch import nn

from exercises.training.clip_gradients import clip_gradients
from exercises.training.cross_entropy import cross_entropy


def _loss(logits, targets):
    keep = targets != -100
    logp = torch.log_softmax(logits[keep].float(), dim=-1)
    picked = logp.gather(-1, targets[keep].unsqueeze(-1))
    return -picked.sum() / max(int(keep.sum()), 1)


def _clip(params, max_norm):
    squares = 0.0
    for p in params:
        if not p.requires_grad or p.grad is None:
            continue
        own = p.grad.double().norm().item()
        squares += own**2
        if own > max_norm:
            p.grad.mul_(max_norm / own)
    return squares**0.5


def train_step(
    model: nn.Module,
    optimizer: Any,
    inputs: torch.Tensor,
    targets: torch.Tensor,
    rate: float,
    max_norm: float,
) -> tuple[float, float]:
    optimizer.zero_grad()
    loss = _loss(model(inputs), targets)
    loss.backward()
    norm = _clip(model.parameters(), max_norm)
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.step()
    optimizer.zero_grad()
    return loss.item(), norm
