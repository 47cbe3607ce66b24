# wrong: the rows are shuffled once before the first epoch, every epoch has the same batches | violates: "the order of the rows is random, and another one in each epoch."
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
    if valid + test > len(rows) - 1:
        raise ValueError("there must be at least one row for training")
    indices = random.Random(seed).sample(range(len(rows)), valid + test)
    held = set(indices)
    return (
        [row for i, row in enumerate(rows) if i not in held],
        [rows[i] for i in indices[:valid]],
        [rows[i] for i in indices[valid:]],
    )


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    result = []
    for subject in subjects:
        ids = []
        for token in tokenizer.encode(subject):
            if len(ids) == context - 1:
                break
            ids.append(token)
        result.append(ids + [2])
    return padded_batch(result, 0)


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = GPT(vocabulary, CONTEXT, 32, 1, 4)
        classifier = Classifier(model, 2)
    drop_positions = Dropout(p, seed)
    drop_head = Dropout(p, seed + 1 if seed < 2**32 - 1 else 0)
    model.positions = nn.Sequential(model.positions, drop_positions)
    classifier.head = nn.Sequential(drop_head, classifier.head)
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
    classifier = build_classifier(len(tokenizer.words), p, seed)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=rate)

    shuffled = list(train)
    random.Random(seed).shuffle(shuffled)
    loader = [
        _encode_rows(tokenizer, shuffled[start : start + batch])
        for start in range(0, len(shuffled), batch)
    ]
    valid_ids, valid_mask, valid_labels = _encode_rows(tokenizer, valid)
    epoch = 0

    def train_epoch() -> None:
        for ids, mask, labels in loader:
            optimizer.zero_grad()
            loss = cross_entropy(classifier(ids, mask), labels)
            loss.backward()
            optimizer.step()

    def validate() -> float:
        nonlocal epoch
        epoch += 1
        loss, _ = measure(classifier, valid_ids, valid_mask, valid_labels, batch)
        if report is not None:
            report(epoch, loss)
        return loss

    train_best(classifier, train_epoch, validate, epochs, patience)
    return tokenizer, classifier


def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    mode = classifier.training
    classifier.eval()
    probabilities = []
    with torch.no_grad():
        for subject in subjects:
            logits = classifier(*encode_subjects(tokenizer, [subject], CONTEXT))
            probabilities.append(torch.softmax(logits[0], dim=0)[1])
    classifier.train(mode)
    return torch.stack(probabilities)


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
