"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

from collections.abc import Callable

import torch
from torch import nn

from exercises.data.padded_batch import padded_batch
from exercises.finetuning.classifier_head import Classifier
from exercises.finetuning.early_stopping import measure, train_best
from exercises.model.gpt import GPT
from exercises.tokenizer.word_tokenizer import WordTokenizer
from exercises.training.cross_entropy import cross_entropy
from exercises.training.dropout import Dropout

END = "<|endoftext|>"
CONTEXT = 32
"""The context length: the largest number of tokens of a subject, its END included."""
VOCABULARY = 2000
"""The largest size of the vocabulary."""

Row = tuple[str, int]
"""A subject and its label: 1 for spam, 0 for an e-mail that was wanted ("ham")."""


def split_rows(
    rows: list[Row], valid: int, test: int, seed: int
) -> tuple[list[Row], list[Row], list[Row]]:
    """Divide rows at random into a part for training, one for validation and one for the test.

    Each row is in exactly one part. All divisions are equally likely, whatever the order of
    ``rows``, which may be sorted by label or by date. Equal arguments give equal parts; different
    seeds give different ones. PyTorch's global generator and Python's are not used, and their
    states do not change. In which order a part has its rows is your decision.

    Args:
        rows: a list of rows, which is not changed.
        valid: the number of rows for validation, at least 0.
        test: the number of rows for the test, at least 0. ``ValueError`` is raised if no row is
            left for training.
        seed: an int from 0 to 2^32 - 1.

    Returns:
        (train, valid, test), a tuple of three new lists.

    >>> train, valid, test = split_rows([("a", 0), ("b", 1), ("c", 0)], 1, 1, seed=0)
    >>> len(train), sorted(train + valid + test)
    (1, [('a', 0), ('b', 1), ('c', 0)])
    """
    raise NotImplementedError("write split_rows (about 5 lines)")


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the ids of subjects, each with END as its last token, and a mask of the real tokens.

    The ids of a subject are the first ``context`` - 1 that ``tokenizer.encode`` returns for it,
    and then the id of END, which is 2. So each subject has a last token, even an empty one. The
    batch is what ``padded_batch`` makes of these lists, padded with 0, the id of PAD.

    Args:
        tokenizer: a ``WordTokenizer``.
        subjects: B subjects, at least one.
        context: the largest number of tokens of a row, at least 1.

    Returns:
        (ids, mask), a tuple of an int64 tensor and a bool tensor, both of shape (B, T).

    >>> ids, mask = encode_subjects(WordTokenizer("free money", 9), ["free money", ""], context=9)
    >>> ids.tolist(), mask.tolist()
    ([[3, 4, 2], [2, 0, 0]], [[True, True, True], [True, False, False]])
    """
    raise NotImplementedError("write encode_subjects (about 2 lines)")


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    """Create a small classifier with random parameters, and with dropout.

    It is a ``Classifier`` of two classes, whose ``model`` is a GPT of the given vocabulary size
    with a context length of ``CONTEXT``, an embedding dimension of 32, one block and 4 heads.
    Dropout, with probability ``p``, is in two places, as in GPT-2: it follows the position
    embeddings, and it comes before the head. So

        model.positions    nn.Sequential(the position embeddings, a Dropout)
        head               nn.Sequential(a Dropout, the linear layer)

    with the ``Dropout`` of training/dropout. The two of them are drawn from different seeds.

    Equal arguments give classifiers with equal parameters, which draw equal dropout; different
    seeds give different ones. PyTorch's global generator has the same state after the call as
    before.

    Args:
        vocabulary: the vocabulary size, at least 3.
        p: the probability of dropout, from 0 to 1.
        seed: an int from 0 to 2^32 - 1.

    Returns:
        A new ``Classifier`` in training mode.

    >>> classifier = build_classifier(vocabulary=9, p=0.1, seed=0)
    >>> ids, mask = torch.tensor([[3, 4, 2]]), torch.tensor([[True, True, True]])
    >>> classifier(ids, mask).shape
    torch.Size([1, 2])
    """
    raise NotImplementedError("write build_classifier (about 8 lines)")


def train_classifier(
    train: list[Row],
    valid: list[Row],
    *,
    p: float,
    rate: float,
    batch: int,
    epochs: int,
    patience: int,
    seed: int,
    report: Callable[[int, float], object] | None = None,
) -> tuple[WordTokenizer, Classifier]:
    """Train a spam classifier, and return it with its tokenizer.

    The tokenizer is a ``WordTokenizer`` of the subjects of ``train`` alone, in order and joined by
    END, with at most ``VOCABULARY`` words. The classifier is that of ``build_classifier`` with the
    size of this vocabulary, ``p`` and ``seed``. It is trained by ``train_best``, whose validation
    loss is that of ``measure`` for ``valid``; both are from finetuning/early_stopping.

    In each epoch every row of ``train`` is in exactly one batch. Each batch has ``batch`` rows, and
    the last one what is left; the order of the rows is random, and another one in each epoch. For a
    batch, AdamW takes one step with the learning rate ``rate`` and the gradients of the mean
    cross-entropy of this batch. Its other settings are PyTorch's, except that you may choose a
    weight decay of 0. The number of columns of a batch is your decision, as long as no real token
    is cut off.

    Equal arguments give classifiers with equal parameters. PyTorch's global generator has the same
    state after the call as before.

    Args:
        train: the rows for training, at least one.
        valid: the rows for validation, at least one. They have no influence except through
            ``train_best``.
        p: the probability of dropout, from 0 to 1.
        rate: the learning rate, at least 0. With 0 the parameters stay what they were.
        batch: at least 1.
        epochs: as in ``train_best``.
        patience: as in ``train_best``.
        seed: an int from 0 to 2^32 - 1.
        report: is called once after each epoch, as ``report(e, loss)``: the number of the epoch,
            an int from 1, and the validation loss, a float. None if nobody listens.

    Returns:
        (tokenizer, classifier); the classifier is in evaluation mode.
    """
    raise NotImplementedError("write train_classifier (about 25 lines)")


def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    """Return the probability that each subject is spam.

    It is the probability of class 1 that the softmax of the classifier's logits gives, computed
    in evaluation mode and without recording gradients. Afterwards the classifier is in the mode in
    which it was before. The probability of a subject does not depend on the others.

    Args:
        tokenizer: the tokenizer that ``train_classifier`` returned.
        classifier: the classifier that it returned.
        subjects: B subjects, at least one; of each, what ``encode_subjects`` keeps in a context of
            ``CONTEXT``.

    Returns:
        A new float32 tensor of shape (B,).
    """
    raise NotImplementedError("write predict (about 6 lines)")
