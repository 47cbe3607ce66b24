# right: vectorised, whole tensors with split, cat, gather, pad_sequence
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

from collections.abc import Callable
from itertools import count

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


def split_rows(
    rows: list[Row], valid: int, test: int, seed: int
) -> tuple[list[Row], list[Row], list[Row]]:
    """Divide rows at random into a part for training, one for validation and one for the test."""
    left = len(rows) - valid - test
    if left <= 0:
        raise ValueError(f"{len(rows)} rows are too few for {valid} + {test} and a training row")
    order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed))
    parts = order.split([left, valid, test])
    return tuple([rows[i] for i in part.tolist()] for part in parts)


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the ids of subjects, each with END as its last token, and a mask of the real tokens."""
    rows = [torch.tensor([*tokenizer.encode(s)[: context - 1], 2]) for s in subjects]
    ids = nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=0)
    lengths = torch.tensor([len(row) for row in rows])
    return ids, torch.arange(ids.shape[1]) < lengths[:, None]


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    """Create a small classifier with random parameters, and with dropout."""
    state = torch.get_rng_state()
    try:
        torch.manual_seed(seed)
        classifier = Classifier(GPT(vocabulary, CONTEXT, width=32, layers=1, heads=4), 2)
    finally:
        torch.set_rng_state(state)
    first, second = (Dropout(p, s) for s in (seed, seed ^ 1))
    classifier.model.positions = nn.Sequential(classifier.model.positions, first)
    classifier.head = nn.Sequential(second, classifier.head)
    return classifier.train()


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
    text = END.join(subject for subject, _ in train)
    tokenizer = WordTokenizer(text, VOCABULARY)
    classifier = build_classifier(len(tokenizer.words), p, seed)
    data = _encode_rows(tokenizer, train)
    held_out = _encode_rows(tokenizer, valid)
    adamw = torch.optim.AdamW(classifier.parameters(), lr=rate, weight_decay=0.0)
    shuffle = torch.Generator().manual_seed(seed)
    number = count(1)

    def train_epoch() -> None:
        order = torch.randperm(len(train), generator=shuffle)
        shuffled = (tensor[order].split(batch) for tensor in data)
        for ids, mask, labels in zip(*shuffled, strict=True):
            logits = classifier(ids, mask)
            losses = logits.logsumexp(dim=1) - logits.gather(1, labels[:, None])[:, 0]
            adamw.zero_grad()
            losses.mean().backward()
            adamw.step()

    def validate() -> float:
        loss = measure(classifier, *held_out, batch)[0]
        if report is not None:
            report(next(number), loss)
        return loss

    train_best(classifier, train_epoch, validate, epochs, patience)
    return tokenizer, classifier


def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    """Return the probability that each subject is spam."""
    modes = {module: module.training for module in classifier.modules()}
    classifier.eval()
    with torch.no_grad():
        logits = classifier(*encode_subjects(tokenizer, subjects, CONTEXT))
    for module, mode in modes.items():
        module.training = mode
    return logits.softmax(dim=1)[:, 1].clone()


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
