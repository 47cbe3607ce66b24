# wrong: the classifier is built with VOCABULARY instead of the size that the tokenizer has | violates: "The classifier is that of ``build_classifier`` with the size of this vocabulary, ``p`` and ``seed``."
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

import random
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


def split_rows(
    rows: list[Row], valid: int, test: int, seed: int
) -> tuple[list[Row], list[Row], list[Row]]:
    if not valid + test < len(rows):
        raise ValueError(f"valid={valid} and test={test} leave nothing of {len(rows)} rows")
    pool = random.Random(seed).sample(rows, k=len(rows))
    parts: list[list[Row]] = []
    for size in (valid, test):
        parts.append(pool[:size])
        pool = pool[size:]
    return pool, parts[0], parts[1]


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    room = context - 1  # one place is for END
    return padded_batch([tokenizer.encode(subject)[:room] + [2] for subject in subjects], 0)


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        classifier = Classifier(GPT(vocabulary, CONTEXT, 32, 1, 4), 2)
        # the dropout modules have generators of their own
        a, b = Dropout(p, seed), Dropout(p, (seed + 12345) % 2**32)
        classifier.model.positions = nn.Sequential(classifier.model.positions, a)
        classifier.head = nn.Sequential(b, classifier.head)
    return classifier


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
    tokenizer = WordTokenizer(END.join(subject for subject, _ in train), VOCABULARY)
    classifier = build_classifier(VOCABULARY, p, seed)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=rate)
    rng = random.Random(seed)
    losses: list[float] = []
    valid_batch = _encode_rows(tokenizer, valid)

    def step(rows: list[Row]) -> None:
        ids, mask, labels = _encode_rows(tokenizer, rows)
        optimizer.zero_grad()
        cross_entropy(classifier(ids, mask), labels).backward()
        optimizer.step()

    def train_epoch() -> None:
        rows = list(train)
        rng.shuffle(rows)
        while rows:
            step(rows[:batch])
            rows = rows[batch:]

    def validate() -> float:
        loss = measure(classifier, *valid_batch, batch=batch)[0]
        losses.append(loss)
        if report is not None:
            report(len(losses), loss)
        return loss

    train_best(classifier, train_epoch, validate, epochs, patience)
    return tokenizer, classifier


def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    before = classifier.training
    classifier.train(False)
    with torch.no_grad():
        ids, mask = encode_subjects(tokenizer, subjects, CONTEXT)
        result = classifier(ids, mask).softmax(dim=1)[:, 1]
    classifier.train(before)
    return result


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
