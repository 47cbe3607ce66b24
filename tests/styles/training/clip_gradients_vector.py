"""Clipping through one long vector in float64."""

import torch


def clip_gradients(parameters, max_norm):
    """Return the joint norm before scaling."""
    parameters = [p for p in parameters if p.grad is not None]
    if not parameters:
        return 0.0
    vector = torch.cat([p.grad.reshape(-1).double() for p in parameters])
    norm = float(torch.sqrt(torch.sum(vector**2)))
    if norm > max_norm:
        for p in parameters:
            p.grad *= max_norm / norm
    return norm
