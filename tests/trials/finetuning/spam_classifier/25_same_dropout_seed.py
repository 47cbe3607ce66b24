# wrong: both dropouts get the same seed | violates: "The two of them are drawn from different seeds."
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
    left = len(rows) - (valid + test)
    if left < 1:
        raise ValueError("too many rows for validation and test")
    copy = list(rows)
    random.Random(seed).shuffle(copy)
    return copy[:left], copy[left : left + valid], copy[left + valid :]


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    cut = (tokenizer.encode(subject)[: context - 1] for subject in subjects)
    return padded_batch([ids + [2] for ids in cut], pad=0)


def _with_dropout(classifier: Classifier, make: Callable[[], Dropout]) -> Classifier:
    model = classifier.model
    model.positions = nn.Sequential(model.positions, make())
    classifier.head = nn.Sequential(make(), classifier.head)
    return classifier


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        plain = Classifier(GPT(vocabulary, CONTEXT, width=32, layers=1, heads=4), classes=2)
    return _with_dropout(plain, lambda: Dropout(p, seed))


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
    tokenizer = WordTokenizer(END.join(s for s, _ in train), VOCABULARY)
    classifier = build_classifier(len(tokenizer.words), p, seed)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=rate)
    rng = random.Random(seed)
    indices = list(range(len(train)))
    valid_tensors = _encode_rows(tokenizer, valid)
    number = 0

    def train_epoch() -> None:
        rng.shuffle(indices)
        for first in range(0, len(indices), batch):
            chosen = [train[i] for i in indices[first : first + batch]]
            ids, mask, labels = _encode_rows(tokenizer, chosen)
            loss = cross_entropy(classifier(ids, mask), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    def validate() -> float:
        nonlocal number
        number += 1
        loss = measure(classifier, *valid_tensors, len(valid))[0]
        if report is not None:
            report(number, loss)
        return loss

    train_best(classifier, train_epoch, validate, epochs, patience)
    return tokenizer, classifier


def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    old = classifier.training
    classifier.eval()
    with torch.no_grad():
        ids, mask = encode_subjects(tokenizer, subjects, CONTEXT)
        e = (logits := classifier(ids, mask)).sub(logits.amax(dim=1, keepdim=True)).exp()
    classifier.train(old)
    return e[:, 1] / e.sum(dim=1)


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
