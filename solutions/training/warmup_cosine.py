"""The learning rate during training: linear warmup, then half a cosine."""

import math


def warmup_cosine(step: int, peak: float, warmup: int, total: int, floor: float = 0.0) -> float:
    """Return the learning rate of one step of training.

    Steps count from 0, so step 0 makes the first update, and n = step + 1 is the number of the
    update. The learning rate of update n is, by the first line that applies,

        peak * n / warmup                                    if n <= warmup
        floor + (peak - floor) * (1 + cos(pi * p)) / 2       if n < total
        floor                                                otherwise

            where p = (n - warmup) / (total - warmup)

    So the first update has a learning rate above 0, update number ``warmup`` has ``peak``, and
    update number ``total`` and all later ones have ``floor``. During warmup the floor has no
    influence: the learning rate may be below it.

    The result depends on the arguments alone, so steps may be asked for in any order. Float32's
    accuracy, relative to ``peak``, is what is asked.

    Args:
        step: the number of updates that were made before: an int, at least 0.
        peak: the largest learning rate, more than 0.
        warmup: the number of updates with a rising learning rate, from 0 to ``total``. With 0
            there is none.
        total: the number of updates in the whole training, at least 1.
        floor: the last learning rate, from 0 to ``peak``.

    Returns:
        A Python float.

    >>> [round(warmup_cosine(step, 1.0, 2, 6), 3) for step in range(7)]
    [0.5, 1.0, 0.854, 0.5, 0.146, 0.0, 0.0]

    Not to be used: ``torch.optim.lr_scheduler``, or another library's schedule. Source: Loshchilov
    and Hutter, SGDR, 2016, section 3 (the cosine, here without restarts); Goyal et al., Accurate,
    Large Minibatch SGD, 2017, section 2.2 (the warmup).
    """
    n = step + 1
    if n <= warmup:
        return peak * n / warmup
    # After the last update the cosine would rise again.
    if n >= total:
        return floor
    progress = (n - warmup) / (total - warmup)
    return floor + (peak - floor) * (1 + math.cos(math.pi * progress)) / 2
