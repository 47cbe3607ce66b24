"""The learning rate by a progress that is clamped."""

from math import cos, pi


def warmup_cosine(step, peak, warmup, total, floor=0.0):
    """Return the learning rate of one step."""
    update = step + 1
    if update <= warmup:
        return peak / warmup * update
    progress = min((update - warmup) / max(total - warmup, 1), 1.0)
    return floor + 0.5 * (peak - floor) * (1.0 + cos(pi * progress))
