"""torch.nn.Dropout, which draws from the global generator: its state is swapped for each call."""

import torch
from torch import nn


class Dropout(nn.Module):
    """Torch's own, with a state of its own."""

    def __init__(self, p: float, seed: int) -> None:
        super().__init__()
        self.inner = nn.Dropout(p)
        self.state = torch.Generator().manual_seed(seed).get_state()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return x after torch's dropout."""
        if not self.training:
            return self.inner(x)
        before = torch.get_rng_state()
        torch.set_rng_state(self.state)
        try:
            return self.inner(x)
        finally:
            self.state = torch.get_rng_state()
            torch.set_rng_state(before)
