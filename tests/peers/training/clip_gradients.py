"""torch.nn.utils.clip_grad_norm_."""

from torch.nn import utils


def clip_gradients(parameters, max_norm):
    """Torch's own, as a Python float."""
    return float(utils.clip_grad_norm_(parameters, max_norm))
