"""Broadcasting from the last dimension on, and distances by einsum in float64."""

import torch


def broadcast_shape(*shapes):
    """Pop sizes off the ends until no shape has any left."""
    stacks = [list(shape) for shape in shapes]
    out = []
    while any(stacks):
        size = 1
        for stack in stacks:
            n = stack.pop() if stack else 1
            if size == 1:
                size = n
            elif n != 1 and n != size:
                raise ValueError("these shapes do not broadcast")
        out.insert(0, size)
    return tuple(out)


def squared_distances(a, b):
    """Multiply the square out, in double precision."""
    x, y = a.double(), b.double()
    out = torch.einsum("nc,nc->n", x, x)[:, None] + torch.einsum("mc,mc->m", y, y)[None, :]
    out = out - 2 * torch.einsum("nc,mc->nm", x, y)
    return torch.relu(out).to(a.dtype)
