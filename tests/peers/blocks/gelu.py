"""torch.nn.functional.gelu in the form with tanh."""

from torch.nn import functional


def gelu(x):
    """Torch's own."""
    return functional.gelu(x, approximate="tanh")
