"""Nats: how well a table of bigrams predicts a text that it has not seen."""

import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    """Return the mean loss of a bigram model on a text, in nats per character.

    The model gives letters[j] after letters[i] the probability

        p(j | i) = (counts[i, j] + 1) / sum_k (counts[i, k] + 1)

    A text of n characters has n - 1 pairs of neighbours, and with the natural logarithm the
    result is

        the mean over all n - 1 pairs (i, j) of  -log p(j | i)

    A pair that occurs several times in the text counts each time. The first character is not
    predicted: nothing is before it. Only ``text`` decides which pairs are counted in the mean,
    and only ``counts`` decides their probabilities.

    Args:
        counts: int64 tensor of shape (V, V), with numbers from 0 to 10^12: row i counts what
            followed letters[i], as in ``bigram``. It is not changed.
        letters: list of V different characters, V at least 1, in any order. It is not changed.
        text: a string of two characters or more, all of them in ``letters``; any other text
            raises ``ValueError``.

    Returns:
        A Python float. It may be off by 1 part in 10,000, and by 10^-5 besides.

    >>> counts = torch.tensor([[0, 2], [1, 0]])  # of "abab": b after a has 3/4, a after b 2/3
    >>> round(nats(counts, ["a", "b"], "ab"), 4)  # -log(3/4)
    0.2877

    Not to be used: ``cross_entropy`` and ``nll_loss`` of ``torch.nn.functional`` and the modules
    of ``torch.nn`` that wrap them. Source: Shannon, Prediction and Entropy of Printed English,
    1951, section 2.
    """
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("a text has two characters or more, all of them in letters")
    number = {letter: i for i, letter in enumerate(letters)}
    ids = torch.tensor([number[letter] for letter in text])  # (n,)
    weights = (counts + 1).double()
    log_p = (weights / weights.sum(dim=1, keepdim=True)).log()  # (V, V)
    # Row and column of each pair: indexing with two tensors picks one number for each.
    return -log_p[ids[:-1], ids[1:]].mean().item()
