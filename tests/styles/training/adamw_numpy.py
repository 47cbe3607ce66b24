"""AdamW in NumPy, in float64, with the state beside each group."""

import numpy as np
import torch


class AdamW:
    """Update parameters from their gradients."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        params = list(params)
        groups = params if isinstance(params[0], dict) else [{"params": params}]
        names = ("lr", "betas", "eps", "weight_decay")
        self.param_groups = []
        self.memory = []
        for group in groups:
            settings = dict(zip(names, (lr, betas, eps, weight_decay), strict=True))
            settings.update({name: group[name] for name in names if name in group})
            settings["params"] = list(group["params"])
            self.param_groups.append(settings)
            zeros = [np.zeros(tuple(p.shape)) for p in settings["params"]]
            self.memory.append([[0, z, z.copy()] for z in zeros])

    def step(self):
        """Convert each gradient, compute, and copy the numbers back."""
        for group, memory in zip(self.param_groups, self.memory, strict=True):
            beta1, beta2 = group["betas"]
            for p, entry in zip(group["params"], memory, strict=True):
                if p.grad is None:
                    continue
                g, w = (part.detach().double().numpy().copy() for part in (p.grad, p))
                t = entry[0] + 1
                m = beta1 * entry[1] + (1 - beta1) * g
                v = beta2 * entry[2] + (1 - beta2) * g * g
                entry[:] = t, m, v
                root = np.sqrt(v / (1 - beta2**t)) + group["eps"]
                w -= group["lr"] * (m / (1 - beta1**t) / root + group["weight_decay"] * w)
                p.data.copy_(torch.as_tensor(w))

    def zero_grad(self):
        """Remove all gradients."""
        for group in self.param_groups:
            for p in group["params"]:
                p.grad = None
