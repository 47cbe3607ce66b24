"""The schedule of transformers, one step later: its first learning rate is 0."""

from transformers import optimization


def warmup_cosine(step, peak, warmup, total, floor=0.0):
    """Theirs down to 0, scaled; they stop at the end of training, so what follows is the floor."""
    if step + 1 > total:
        return floor
    share = optimization._get_cosine_schedule_with_warmup_lr_lambda(
        step + 1, num_warmup_steps=warmup, num_training_steps=total, num_cycles=0.5
    )
    return peak * share if step + 1 <= warmup else floor + (peak - floor) * share
