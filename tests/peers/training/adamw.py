"""torch.optim.AdamW, with its groups as the contract has them."""

import torch


class AdamW(torch.optim.AdamW):
    """Torch's own."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        groups = list(params)
        if isinstance(groups[0], dict):  # torch fills the dicts that it is given
            groups = [dict(group) for group in groups]
        super().__init__(groups, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)

    def step(self):
        """Torch returns what its closure returns, and there is none."""
        super().step()
