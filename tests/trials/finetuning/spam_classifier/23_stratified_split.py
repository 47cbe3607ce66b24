# wrong: the split is stratified, each part gets the same share of spam | violates: "All divisions are equally likely, whatever the order of ``rows``, which may be sorted by label or by date."
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
    total = len(rows)
    if total - valid - test < 1:
        raise ValueError("at least one row must be left for training")
    rng = random.Random(seed)
    spam = [row for row in rows if row[1] == 1]
    ham = [row for row in rows if row[1] != 1]
    rng.shuffle(spam)
    rng.shuffle(ham)
    # keep the share of spam the same in all parts
    spam_valid = round(valid * len(spam) / total)
    spam_test = round(test * len(spam) / total)
    ham_valid, ham_test = valid - spam_valid, test - spam_test
    valid_part = spam[:spam_valid] + ham[:ham_valid]
    test_part = spam[spam_valid : spam_valid + spam_test] + ham[ham_valid : ham_valid + ham_test]
    train_part = spam[spam_valid + spam_test :] + ham[ham_valid + ham_test :]
    return train_part, valid_part, test_part


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    def ids_of(subject: str) -> list[int]:
        ids = tokenizer.encode(subject)
        del ids[context - 1 :]
        ids.append(2)
        return ids

    return padded_batch([ids_of(subject) for subject in subjects], pad=0)


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    with torch.random.fork_rng(devices=[]):
        torch.random.default_generator.manual_seed(seed)
        gpt = GPT(vocabulary=vocabulary, context=CONTEXT, width=32, layers=1, heads=4)
        result = Classifier(gpt, classes=2)
    gpt.positions = nn.Sequential(gpt.positions, Dropout(p=p, seed=seed))
    result.head = nn.Sequential(Dropout(p=p, seed=seed ^ 1), result.head)
    result.train()
    return result


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
    subjects = [subject for subject, _ in train]
    tokenizer = WordTokenizer(END.join(subjects), VOCABULARY)
    classifier = build_classifier(len(tokenizer.words), p, seed)
    adam = torch.optim.AdamW(classifier.parameters(), lr=rate)
    data = _encode_rows(tokenizer, train)
    held = _encode_rows(tokenizer, valid)
    gen = torch.Generator()
    gen.manual_seed(seed)
    count = {"epoch": 0}

    def run_epoch() -> None:
        order = torch.randperm(len(train), generator=gen)
        for i in range(0, len(order), batch):
            ids, mask, labels = (part[order[i : i + batch]] for part in data)
            adam.zero_grad()
            loss = cross_entropy(classifier(ids, mask), labels)
            loss.backward()
            adam.step()

    def check() -> float:
        count["epoch"] += 1
        loss = measure(classifier, *held, batch)[0]
        if report is not None:
            report(count["epoch"], loss)
        return loss

    train_best(classifier, run_epoch, check, epochs, patience)
    return tokenizer, classifier


def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    training = classifier.training
    ids, mask = encode_subjects(tokenizer, subjects, CONTEXT)
    classifier.eval()
    with torch.no_grad():
        z = classifier(ids, mask)
    classifier.train(training)
    return torch.sigmoid(z[:, 1] - z[:, 0])


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
