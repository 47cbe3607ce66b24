"""RMS norm, one vector after the other, in Python's own numbers where it can."""

import torch


class RMSNorm(torch.nn.Module):
    """Scales each vector by its root mean square."""

    def __init__(self, width, eps=1e-5):
        super().__init__()
        self.width = width
        self.small = eps
        self.weight = torch.nn.Parameter(torch.ones(width))

    def forward(self, x):
        """Each row by itself, then put together again."""
        rows = []
        for row in x.reshape(-1, self.width):
            total = 0.0
            for number in row:
                total = total + number.double() ** 2
            size = (total / self.width + self.small) ** 0.5
            rows.append((row.double() / size).to(x.dtype) * self.weight)
        return torch.stack(rows).reshape(x.shape)
