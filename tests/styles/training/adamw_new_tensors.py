"""AdamW with new tensors in each step, and its state in lists by number."""

import math


class AdamW:
    """Update parameters from their gradients."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        params = list(params)
        if not isinstance(params[0], dict):
            params = [{"params": params}]
        self.param_groups = []
        for given in params:
            group = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
            for key in given:
                group[key] = given[key]
            group["params"] = list(given["params"])
            self.param_groups.append(group)
        count = sum(len(group["params"]) for group in self.param_groups)
        self.steps, self.first, self.second = [0] * count, [0.0] * count, [0.0] * count

    def step(self):
        """Number the parameters through all groups."""
        number = -1
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                number += 1
                if p.grad is None:
                    continue
                g = p.grad.detach()
                self.steps[number] += 1
                t = self.steps[number]
                self.first[number] = b1 * self.first[number] + (1 - b1) * g
                self.second[number] = b2 * self.second[number] + (1 - b2) * g * g
                m_hat = self.first[number] / (1 - math.pow(b1, t))
                v_hat = self.second[number] / (1 - math.pow(b2, t))
                update = m_hat / (v_hat.sqrt() + group["eps"]) + group["weight_decay"] * p.data
                p.data = p.data - group["lr"] * update

    def zero_grad(self):
        """Forget the gradients."""
        for group in self.param_groups:
            for p in group["params"]:
                p.grad = None
