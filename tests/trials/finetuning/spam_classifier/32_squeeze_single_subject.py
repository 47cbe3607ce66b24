# wrong: squeeze() without a dim gives shape () for a single subject | violates: "A new float32 tensor of shape (B,)."
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
    if len(rows) - valid - test <= 0:
        raise ValueError("no row would be left for training")
    rng = random.Random(seed)
    train_rows, valid_rows, test_rows = rows[:], [], []
    for part, size in ((valid_rows, valid), (test_rows, test)):
        for _ in range(size):
            part.append(train_rows.pop(rng.randrange(len(train_rows))))
    return train_rows, valid_rows, test_rows


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    sequences = list(map(tokenizer.encode, subjects))
    for ids in sequences:
        ids[context - 1 :] = [2]  # cut, and END after it
    return padded_batch(sequences, pad=0)


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        classifier = Classifier(GPT(vocabulary, CONTEXT, width=32, layers=1, heads=4), 2)
    classifier.model.positions = nn.Sequential(classifier.model.positions, Dropout(p, seed))
    classifier.head = nn.Sequential(Dropout(p, seed ^ 0xABCD), classifier.head)
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
    tokenizer = WordTokenizer(END.join(s for s, _ in train), VOCABULARY)
    classifier = build_classifier(len(tokenizer.words), p, seed)
    params = list(classifier.parameters())
    optimizer = torch.optim.AdamW(params, lr=rate)
    data, held_out = _encode_rows(tokenizer, train), _encode_rows(tokenizer, valid)
    rng = random.Random(seed)
    reported: list[float] = []

    def train_epoch() -> None:
        order = rng.sample(range(len(train)), len(train))
        for start in range(0, len(order), batch):
            ids, mask, labels = (t[order[start : start + batch]] for t in data)
            loss = cross_entropy(classifier(ids, mask), labels)
            for param, grad in zip(params, torch.autograd.grad(loss, params), strict=True):
                param.grad = grad
            optimizer.step()

    def validate() -> float:
        loss = measure(classifier, *held_out, batch)[0]
        reported.append(loss)
        if report is not None:
            report(len(reported), loss)
        return loss

    train_best(classifier, train_epoch, validate, epochs, patience)
    return tokenizer, classifier


def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    was = classifier.training
    classifier.eval()
    with torch.no_grad():
        both = classifier(*encode_subjects(tokenizer, subjects, CONTEXT)).softmax(dim=1)
    classifier.train(was)
    _, spam = both.chunk(2, dim=1)
    return spam.squeeze()


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
