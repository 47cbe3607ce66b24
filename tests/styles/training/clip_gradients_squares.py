"""Clipping with a running sum of squares, and new gradient tensors."""


def clip_gradients(parameters, max_norm):
    """Return the joint norm before scaling."""
    parameters, total = list(parameters), 0.0
    for p in parameters:
        if p.grad is not None:
            total += (p.grad * p.grad).sum().item()
    norm = total**0.5
    for p in parameters:
        if p.grad is not None and norm > max_norm:
            p.grad = p.grad * max_norm / norm
    return norm
