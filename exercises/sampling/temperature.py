"""Temperature: how often sampling strays from the most probable token."""

import torch

from exercises.attention.softmax import softmax


def temperature(logits: torch.Tensor, t: float) -> torch.Tensor:
    """Return the probabilities of the next token at a temperature.

    The last dimension holds the V logits x_0 to x_(V-1) of one row, a logit for each token of the
    vocabulary; rows are independent of each other. For a temperature t above 0, however small,
    token i of a row has the probability

        p_i = exp(x_i / t) / sum_j exp(x_j / t)

    so equal logits have equal probabilities. For t = 0, the token with the largest logit of its
    row has the probability 1 and every other token exactly 0; if several tokens share the
    largest logit, the one with the lowest id has the 1.

    A logit of ``-inf`` excludes a token: its probability is exactly 0 at every temperature.
    Nothing in the result is NaN or infinite. Float32's accuracy is what is asked, also of
    float64.

    Args:
        logits: float32 or float64 tensor of shape (..., V), with any leading dimensions or none.
            Each logit is ``-inf`` or a number from -1e4 to 1e4, and at least one in each row is a
            number.
        t: the temperature, an int or a float: 0, or from 1e-6 to 1e6. A negative t raises
            ``ValueError``.

    Returns:
        A new tensor of the shape and dtype of ``logits``, which is not changed.

    >>> temperature(torch.tensor([1.0, 3.0]).log(), 0.5)  # the ratio 1 : 3 becomes 1 : 9
    tensor([0.1000, 0.9000])
    >>> temperature(torch.tensor([[2.0, 5.0, 5.0]]), 0)
    tensor([[0., 1., 0.]])

    Source: Hinton et al., Distilling the Knowledge in a Neural Network, 2015, section 2.
    """
    raise NotImplementedError("write temperature (about 6 lines)")
