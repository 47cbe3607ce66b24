"""What the checks of the two tables, of tokens and of positions, have in common."""

import torch

from grader.checks import equal, holds, shaped, value


def claim_parameters(Module, name):
    """Claim that weight is the only parameter, with its shape and dtype, and that it is trained."""
    layer = Module(7, 5)
    shaped(value(layer.weight), (7, 5), torch.float32, say=f"weight of {name}(7, 5)")
    names = [part for part, _ in layer.named_parameters()]
    equal(sorted(names), ["weight"], say="the names of the parameters")
    holds(layer.weight.requires_grad, "weight is a parameter and requires a gradient")


def claim_first_values(Module, name):
    """Claim that weight begins as normal numbers, which are others for each new module."""
    weight = value(Module(251, 131).weight)
    shaped(weight, (251, 131), torch.float32, say=f"weight of {name}(251, 131)")
    numbers = weight / 0.02
    # Of 32,881 numbers the mean is 0 ± 0.006, and the standard deviation 1 ± 0.004.
    mean, deviation = float(numbers.mean()), float(numbers.std())
    holds(abs(mean) < 0.05, "the mean of weight is 0", want="about 0", got=f"{0.02 * mean:.5f}")
    got = f"{0.02 * deviation:.5f}"
    say = "the standard deviation of weight is 0.02"
    holds(abs(deviation - 1) < 0.04, say, want="about 0.02", got=got)
    # 4.55 % ± 0.12 % of normal numbers lie beyond two standard deviations, and no uniform ones.
    far = float((numbers.abs() > 2).double().mean())
    got = f"{100 * far:.1f} %"
    say = "the numbers are normal, so 4.6 % of them lie beyond 0.04 or below -0.04"
    holds(0.037 < far < 0.054, say, want="about 4.6 %", got=got)
    # 38 normal numbers are expected there; that there is none has a probability of 4e-17.
    beyond = int((numbers.abs() > 3.25).sum())
    say = "of 32,881 normal numbers about 38 lie beyond 0.065, which is 3.25 standard deviations"
    holds(0 < beyond < 150, say, want="about 38", got=beyond)
    distinct = weight.unique().numel()
    holds(distinct > 30_000, "nearly all of 32,881 random numbers are different", got=distinct)
    again = value(Module(251, 131).weight)
    holds(not torch.equal(weight, again), "each new module is initialized anew", got=again)


def load(layer, weight):
    """Return the layer with this table."""
    layer.load_state_dict({"weight": weight}, strict=False)
    return layer
