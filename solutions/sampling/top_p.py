"""Top-p sampling: only the tokens that hold most of the probability can be drawn."""

import torch

from exercises.attention.softmax import softmax


def top_p(logits: torch.Tensor, p: float, min_p: float = 0.0) -> torch.Tensor:
    """Return the logits with every token outside the nucleus, or below ``min_p``, at ``-inf``.

    The last dimension holds the V logits of one row, a logit for each token of the vocabulary;
    rows are independent of each other. The probabilities of a row are the softmax of its logits.

    The nucleus of a row is found in the order of falling logits, equal logits in the order of
    their ids: it is the smallest number of first tokens whose probabilities sum to p or more.
    For p = 0 it is the first token alone. For p = 1 it is all tokens, also those whose
    probability is too small for the dtype.

    A token is kept if it is in the nucleus and its probability is at least ``min_p`` times the
    largest probability of its row; neither condition changes the probabilities that the other
    one uses. The logits of kept tokens stay as they are, at their places, and all others become
    ``-inf``. A logit that is ``-inf`` already stays ``-inf``.

    Rounding never decides: the result would be the same if p and ``min_p`` differed by 1 part in
    10,000. Two cases are exact all the same: four or eight equal probabilities, whose sum reaches
    a p that it equals, such as 0.5; and ``min_p`` = 1, which keeps all tokens with the largest
    logit.

    Args:
        logits: float32 or float64 tensor of shape (..., V), with any leading dimensions or none.
            Each logit is ``-inf`` or a number from -1e4 to 1e4, and at least one in each row is a
            number.
        p: from 0 to 1, else ``ValueError``; a float, or the int 0 or 1.
        min_p: 0, or from 1e-6 to 1; below 0 or above 1 ``ValueError``. With 0 only p counts.

    Returns:
        A new tensor of the shape and dtype of ``logits``; ``logits`` is not changed, nor does
        the result share memory with it, whatever p is.

    >>> logits = torch.tensor([0.15, 0.5, 0.05, 0.3]).log()
    >>> top_p(logits, 0.6).exp()  # 0.5 does not reach 0.6, 0.5 + 0.3 does
    tensor([0.0000, 0.5000, 0.0000, 0.3000])
    >>> top_p(logits, 1.0, min_p=0.2).exp()  # at least 0.2 * 0.5
    tensor([0.1500, 0.5000, 0.0000, 0.3000])

    Source: Holtzman et al., The Curious Case of Neural Text Degeneration, 2019 (the nucleus);
    Nguyen et al., Turning Up the Heat, 2024 (min-p).
    """
    if not (0 <= p <= 1 and 0 <= min_p <= 1):
        raise ValueError(f"p and min_p must be from 0 to 1, not {p} and {min_p}")
    probabilities = softmax(logits)
    order = logits.argsort(dim=-1, descending=True, stable=True)
    ranked = probabilities.gather(-1, order)
    # A token belongs to the nucleus if those before it do not reach p yet: so the token with
    # which the sum reaches p is the last one inside.
    before = ranked.cumsum(dim=-1) - ranked
    inside = before < p
    inside[..., 0] = True  # for p = 0, which no token at all has reached before the first
    if p == 1:
        inside[:] = True  # rounding, or tiny probabilities, can make the sum 1 too early
    nucleus = torch.zeros_like(inside).scatter(-1, order, inside)  # back in the order of the ids
    likely = probabilities >= min_p * probabilities.amax(dim=-1, keepdim=True)
    return logits.masked_fill(~(nucleus & likely), -torch.inf)
