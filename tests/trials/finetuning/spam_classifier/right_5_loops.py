# right: plain loops, Fisher-Yates by hand, one subject at a time
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
    """Divide rows at random: draw one row after the other from what is left."""
    if valid + test >= len(rows):
        raise ValueError(f"{len(rows)} rows, less {valid} and {test}, leave none for training")
    rng = random.Random(seed)
    indices = []
    for i in range(len(rows)):
        indices.append(i)
    for i in range(len(rows) - 1, 0, -1):
        j = rng.randrange(i + 1)
        indices[i], indices[j] = indices[j], indices[i]
    train_part: list[Row] = []
    valid_part: list[Row] = []
    test_part: list[Row] = []
    for index in indices:
        if len(valid_part) < valid:
            valid_part.append(rows[index])
        elif len(test_part) < test:
            test_part.append(rows[index])
        else:
            train_part.append(rows[index])
    return train_part, valid_part, test_part


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the ids of subjects, each with END at its end, and the mask."""
    rows: list[list[int]] = []
    for subject in subjects:
        row: list[int] = []
        for token in tokenizer.encode(subject):
            if len(row) < context - 1:
                row.append(token)
        row.append(2)
        rows.append(row)
    return padded_batch(rows, pad=0)


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    """Create the classifier, and put the two dropouts into it."""
    state = torch.get_rng_state()
    torch.manual_seed(seed)
    model = GPT(vocabulary=vocabulary, context=CONTEXT, width=32, layers=1, heads=4)
    classifier = Classifier(model, classes=2)
    torch.set_rng_state(state)

    seed_of_head = seed + 1
    if seed_of_head == 2**32:
        seed_of_head = 0
    model.positions = nn.Sequential(model.positions, Dropout(p, seed))
    classifier.head = nn.Sequential(Dropout(p, seed_of_head), classifier.head)
    classifier.train()
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
    """Train a classifier with early stopping."""
    text = ""
    for number, (subject, _) in enumerate(train):
        if number > 0:
            text += END
        text += subject
    tokenizer = WordTokenizer(text, VOCABULARY)
    classifier = build_classifier(len(tokenizer.words), p, seed)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=rate)
    rng = random.Random(seed)
    valid_ids, valid_mask, valid_labels = _encode_rows(tokenizer, valid)
    epoch = 0

    def train_epoch() -> None:
        left = list(train)
        rng.shuffle(left)
        while left:
            rows: list[Row] = []
            while left and len(rows) < batch:
                rows.append(left.pop())
            ids, mask, labels = _encode_rows(tokenizer, rows)
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
    """Return the probability of spam, one subject after the other."""
    mode = classifier.training
    classifier.eval()
    result = torch.zeros(len(subjects))
    with torch.no_grad():
        for b in range(len(subjects)):
            ids, mask = encode_subjects(tokenizer, [subjects[b]], CONTEXT)
            ham, spam = classifier(ids, mask)[0]
            result[b] = 1 / (1 + (ham - spam).exp())
    classifier.train(mode)
    return result


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
