"""Clipping by a factor of at most 1, with the small constant that PyTorch adds."""

import torch


def clip_gradients(parameters, max_norm):
    """Return the joint norm before scaling."""
    gradients = tuple(p.grad for p in parameters if p.grad is not None)
    norms = [torch.linalg.vector_norm(g).to(torch.float64) for g in gradients]
    norm = torch.linalg.vector_norm(torch.stack([torch.zeros((), dtype=torch.float64), *norms]))
    factor = (max_norm / (norm + 1e-6)).clamp(max=1.0)
    for g in gradients:
        g.mul_(factor.to(g.dtype))
    return norm.item()
