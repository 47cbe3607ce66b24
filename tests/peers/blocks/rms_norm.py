"""torch.nn.RMSNorm."""

from torch import nn


class RMSNorm(nn.RMSNorm):
    """Torch's own."""

    def __init__(self, width, eps=1e-5):
        super().__init__(width, eps)
