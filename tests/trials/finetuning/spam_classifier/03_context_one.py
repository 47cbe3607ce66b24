# wrong: keeps at least one word, so with context 1 a row has two tokens | violates: "context: the largest number of tokens of a row, at least 1."
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

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
    keep = max(1, context - 1)  # words of a subject, the last place is for END
    sequences = []
    for subject in subjects:
        words = tokenizer.encode(subject)
        sequences.append(torch.tensor([*words[:keep], 2]))
    ids = nn.utils.rnn.pad_sequence(sequences, batch_first=True, padding_value=0)
    mask = torch.zeros_like(ids, dtype=torch.bool)
    for row, sequence in enumerate(sequences):
        mask[row, : len(sequence)] = True
    return ids, mask


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
    subjects = []
    for subject, _ in train:
        subjects.append(subject)
    text = END.join(subjects)
    tokenizer = WordTokenizer(text, VOCABULARY)
    classifier = build_classifier(len(tokenizer.words), p, seed)
    ids, mask, labels = _encode_rows(tokenizer, train)
    valid_ids, valid_mask, valid_labels = _encode_rows(tokenizer, valid)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=rate)
    generator = torch.Generator().manual_seed(seed)
    epoch = 0

    def train_epoch() -> None:
        order = torch.randperm(len(train), generator=generator)
        for start in range(0, len(train), batch):
            rows = order[start : start + batch]
            logits = classifier(ids[rows], mask[rows])
            loss = nn.functional.cross_entropy(logits, labels[rows])
            optimizer.zero_grad()
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
    """Return the probability that each subject is spam."""
    with _eval_mode(classifier):
        return classifier(*encode_subjects(tokenizer, subjects, CONTEXT)).softmax(-1)[:, 1].clone()


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
