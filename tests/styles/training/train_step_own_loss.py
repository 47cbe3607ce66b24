"""Train step with a loss of its own, and gradients that belong to the optimizer's groups."""

import torch

from exercises.training.clip_gradients import clip_gradients


def _loss(logits, targets):
    counted = targets.ne(-100)
    logits = logits - logits.max(-1, keepdim=True).values
    picked = torch.take_along_dim(logits, targets.clamp(min=0).unsqueeze(-1), -1).squeeze(-1)
    nats = torch.log(torch.exp(logits).sum(-1)) - picked
    return (nats * counted).sum() / max(1, int(counted.sum()))


def train_step(model, optimizer, inputs, targets, rate, max_norm):
    """One update."""
    held = [w for group in optimizer.param_groups for w in group["params"]]
    for w in held:
        w.grad = None
    loss = _loss(model(inputs), targets)
    loss.backward()
    before = clip_gradients([w for w in held if w.grad is not None], max_norm)
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.step()
    return loss.detach().item(), torch.as_tensor(before).item()
