"""The learning rate with the square of a cosine: (1 + cos 2x) / 2 is cos^2 x."""

import math


def warmup_cosine(step, peak, warmup, total, floor=0.0):
    """Return the learning rate of one step."""
    done = step + 1 - warmup
    if done <= 0:
        return peak * (step + 1) / warmup
    left = total - warmup
    if done >= left:
        return float(floor)
    share = math.cos(math.pi / 2 * done / left) ** 2
    return peak * share + floor * (1 - share)
