# wrong: torch.chunk makes batches of about equal size, e.g. 9 rows with batch 4 become 3, 3, 3 instead of 4, 4, 1 | violates: "Each batch has ``batch`` rows, and the last one what is left"
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

import math
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
    sizes = [len(rows) - valid - test, valid, test]
    if sizes[0] < 1:
        raise ValueError("no row is left for training")
    generator = torch.Generator().manual_seed(seed)
    parts = torch.randperm(len(rows), generator=generator).split(sizes)
    train_rows, valid_rows, test_rows = ([rows[i] for i in part.tolist()] for part in parts)
    return train_rows, valid_rows, test_rows


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    return padded_batch([tokenizer.encode(s)[: context - 1] + [2] for s in subjects], pad=0)


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    state = torch.get_rng_state()
    try:
        torch.manual_seed(seed)
        gpt = GPT(vocabulary, CONTEXT, width=32, layers=1, heads=4)
        classifier = Classifier(gpt, classes=2)
    finally:
        torch.set_rng_state(state)
    seeds = torch.Generator().manual_seed(seed)
    first = int(torch.randint(2**31, (), generator=seeds))
    classifier.model.positions = nn.Sequential(gpt.positions, Dropout(p, first))
    classifier.head = nn.Sequential(Dropout(p, first + 1), classifier.head)
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
    ids, mask, labels = _encode_rows(tokenizer, train)
    valid_ids, valid_mask, valid_labels = _encode_rows(tokenizer, valid)
    generator = torch.Generator().manual_seed(seed)
    batches = math.ceil(len(train) / batch)
    epoch = 0

    def train_epoch() -> None:
        order = torch.randperm(len(train), generator=generator)
        for rows in order.chunk(batches):
            optimizer.zero_grad()
            loss = cross_entropy(classifier(ids[rows], mask[rows]), labels[rows])
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
    training = classifier.training
    classifier.eval()
    with torch.no_grad():
        logits = classifier(*encode_subjects(tokenizer, subjects, CONTEXT))
        spam = (logits[:, 1] - logits.logsumexp(dim=1)).exp()
    classifier.train(training)
    return spam


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
