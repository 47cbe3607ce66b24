"""Broadcasting with shapes padded to one length, and distances feature by feature."""

import torch


def broadcast_shape(*shapes):
    """Pad with ones at the left, then go through the columns."""
    if not shapes:
        return ()
    length = max(map(len, shapes))
    padded = [(1,) * (length - len(shape)) + tuple(shape) for shape in shapes]
    result = [1] * length
    for shape in padded:
        for i, size in enumerate(shape):
            if result[i] == 1:
                result[i] = size
            elif size not in (1, result[i]):
                raise ValueError(f"{size} against {result[i]}")
    return tuple(result)


def squared_distances(a, b):
    """Add up one feature after the other."""
    total = torch.zeros(len(a), len(b), dtype=a.dtype)
    for c in range(a.shape[1]):
        total = total + (a[:, c].unsqueeze(1) - b[:, c].unsqueeze(0)) ** 2
    return total
