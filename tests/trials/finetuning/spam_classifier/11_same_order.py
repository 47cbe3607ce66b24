# wrong: makes the generator anew in each epoch, so each epoch has the same order | violates: "Each batch has ``batch`` rows, and the last one what is left; the order of the rows is random, and another one in each epoch."
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

import random
from collections.abc import Callable
from contextlib import contextmanager

import torch
from torch import nn

from exercises.finetuning.classifier_head import Classifier
from exercises.finetuning.early_stopping import measure, train_best
from exercises.model.gpt import GPT
from exercises.tokenizer.word_tokenizer import WordTokenizer
from exercises.training.dropout import Dropout

END = "<|endoftext|>"
CONTEXT = 32
"""The context length: the largest number of tokens of a subject, its END included."""
VOCABULARY = 2000
"""The largest size of the vocabulary."""
Row = tuple[str, int]
"""A subject and its label: 1 for spam, 0 for an e-mail that was wanted ("ham")."""


@contextmanager
def _eval_mode(module):
    before = [(m, m.training) for m in module.modules()]
    module.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for m, training in before:
            m.training = training


def split_rows(
    rows: list[Row], valid: int, test: int, seed: int
) -> tuple[list[Row], list[Row], list[Row]]:
    """Divide rows at random into a part for training, one for validation and one for the test."""
    cards = list(rows)
    needed = valid + test
    if not len(cards) > needed:
        raise ValueError("validation and test take all rows")
    random.Random(seed).shuffle(cards)
    return cards[needed:], cards[:valid], cards[valid:needed]


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the ids of subjects, each with END as its last token, and a mask of the real tokens."""
    rows = [list(tokenizer.encode(subject))[: context - 1] + [2] for subject in subjects]
    columns = max(map(len, rows))
    padded = [row + [0] * (columns - len(row)) for row in rows]
    real = [[True] * len(row) + [False] * (columns - len(row)) for row in rows]
    return torch.tensor(padded), torch.tensor(real)


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    """Create a small classifier with random parameters, and with dropout."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        c = Classifier(GPT(vocabulary, CONTEXT, width=32, layers=1, heads=4), 2)
    c.model.positions = nn.Sequential(c.model.positions, Dropout(p, seed))
    c.head = nn.Sequential(Dropout(p, seed ^ 1), c.head)
    return c.train()


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
    """Train a spam classifier, and return it with its tokenizer."""
    joined = END.join(subject for subject, _ in train)
    tokenizer = WordTokenizer(joined, VOCABULARY)
    classifier = build_classifier(len(tokenizer.words), p, seed)
    ids, mask, labels = _encode_rows(tokenizer, train)
    valid_batch = _encode_rows(tokenizer, valid)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=rate)
    losses = []

    def train_epoch() -> None:
        generator = torch.Generator().manual_seed(seed)
        for rows in torch.randperm(len(train), generator=generator).split(batch):
            loss = nn.functional.cross_entropy(classifier(ids[rows], mask[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    def validate() -> float:
        losses.append(measure(classifier, *valid_batch, batch)[0])
        if report is not None:
            report(len(losses), losses[-1])
        return losses[-1]

    train_best(classifier, train_epoch, validate, epochs, patience)
    return tokenizer, classifier


def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    """Return the probability that each subject is spam."""
    with _eval_mode(classifier):
        return classifier(*encode_subjects(tokenizer, subjects, CONTEXT)).softmax(-1)[:, 1].clone()


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
