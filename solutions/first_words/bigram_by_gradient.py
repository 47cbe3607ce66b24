"""Bigrams by gradient: the table of bigrams, found by training instead of counting."""

import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent.

    Notation: V different characters, numbered from 0, and N pairs: in pair n, character
    second[n] follows character first[n]. Row i of the table ``logits`` gives the probabilities

        p(j | i) = exp(logits[i, j]) / sum_k exp(logits[i, k])

    The loss is the mean over the N pairs of -log p(second[n] | first[n]), in nats. Its gradient
    is a table of the same shape:

        gradient[i, j] = 1/N  sum over all n with first[n] = i of  (p(j | i) - hit(n, j))

    where hit(n, j) is 1 if second[n] = j, and 0 otherwise. A pair that occurs several times
    counts each time. At the beginning all logits are 0. Each step computes the gradient of all
    pairs from the logits as they are then, and sets

        logits = logits - rate * gradient

    The row of a character that is not in ``first`` stays exactly 0.

    Args:
        first: int64 tensor of shape (N,), N at least 1, with numbers from 0 to V - 1. It is
            not changed, nor is ``second``.
        second: int64 tensor of shape (N,), with numbers from 0 to V - 1.
        V: the number of characters, at least 1, also of those that no pair has.
        steps: how many steps are made, 0 or more.
        rate: the learning rate, above 0, and so small that all logits stay between -20 and 20.

    Returns:
        A tuple of two new float32 tensors, with float32's accuracy:

        - logits, of shape (V, V): the table after the last step.
        - losses, of shape (steps,): the loss before each step.

    >>> logits, losses = fit(torch.tensor([0]), torch.tensor([1]), V=2, steps=1, rate=2.0)
    >>> logits
    tensor([[-1.,  1.],
            [ 0.,  0.]])
    >>> losses  # log 2, for two equally probable characters
    tensor([0.6931])

    Not to be used: autograd (``backward``, ``torch.autograd``, ``torch.func``), ``torch.optim``,
    and ``cross_entropy`` and ``nll_loss`` of ``torch.nn.functional`` with the modules of
    ``torch.nn`` that wrap them. Source: Goodfellow et al., Deep Learning, sections 4.3 and
    6.2.2.3.
    """
    N = len(first)
    # Equal pairs have equal terms, so it is enough to know how often each occurs.
    counts = torch.bincount(first * V + second, minlength=V * V).reshape(V, V)
    in_row = counts.sum(dim=1, keepdim=True)  # (V, 1): the pairs that begin with i
    logits = torch.zeros(V, V)
    losses = []
    for _ in range(steps):
        weights = logits.exp()
        p = weights / weights.sum(dim=1, keepdim=True)
        losses.append(-(counts * p.log()).sum().item() / N)
        gradient = (in_row * p - counts) / N
        logits -= rate * gradient
    return logits, torch.tensor(losses)
