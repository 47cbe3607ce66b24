# wrong: both dropouts get the same seed | violates: "The two of them are drawn from different seeds."
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

import random
from collections.abc import Callable
from itertools import zip_longest

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


class _Trainer:
    """What one run of the training needs: the data, the optimizer, the order of the rows."""

    def __init__(self, classifier: nn.Module, data: tuple, held_out: tuple, rate: float, batch: int):
        self.classifier, self.held_out, self.batch = classifier, held_out, batch
        self.data = data
        self.optimizer = torch.optim.AdamW(classifier.parameters(), lr=rate)
        self.generator = torch.Generator()
        self.report: Callable[[int, float], object] | None = None
        self.epochs = 0

    def train_epoch(self) -> None:
        ids, mask, labels = self.data
        order = torch.randperm(len(labels), generator=self.generator)
        for rows in order.split(self.batch):
            self.optimizer.zero_grad()
            logits = self.classifier(ids[rows], mask[rows])
            nn.functional.cross_entropy(logits, labels[rows]).backward()
            self.optimizer.step()

    def validate(self) -> float:
        self.epochs += 1
        loss, _ = measure(self.classifier, *self.held_out, self.batch)
        if self.report is not None:
            self.report(self.epochs, loss)
        return loss


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
    rows = [[*tokenizer.encode(s)[: context - 1], 2] for s in subjects]
    columns = list(zip_longest(*rows, fillvalue=-1))
    ids = torch.tensor(columns).T.contiguous()
    return ids.clamp(min=0), ids >= 0


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    """Create a small classifier with random parameters, and with dropout."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        gpt = GPT(vocabulary, CONTEXT, width=32, layers=1, heads=4)
        classifier = Classifier(gpt, 2)
    gpt.positions = nn.Sequential(gpt.positions, Dropout(p, seed))
    classifier.head = nn.Sequential(Dropout(p, seed), classifier.head)
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
    """Train a spam classifier, and return it with its tokenizer."""
    text = END.join([subject for subject, _ in train])
    tokenizer = WordTokenizer(text, VOCABULARY)
    classifier = build_classifier(len(tokenizer.words), p, seed)
    data, held_out = _encode_rows(tokenizer, train), _encode_rows(tokenizer, valid)
    trainer = _Trainer(classifier, data, held_out, rate, batch)
    trainer.generator.manual_seed(seed)
    trainer.report = report
    train_best(classifier, trainer.train_epoch, trainer.validate, epochs, patience)
    return tokenizer, classifier


def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    """Return the probability that each subject is spam."""
    ids, mask = encode_subjects(tokenizer, subjects, CONTEXT)
    modes = []
    for module in classifier.modules():
        modes.append((module, module.training))
    classifier.eval()
    with torch.no_grad():
        logits = classifier(ids, mask)
    for module, training in modes:
        module.training = training
    probabilities = torch.empty(len(subjects), dtype=torch.float32)
    for row in range(len(subjects)):
        probabilities[row] = torch.softmax(logits[row], dim=0)[1]
    return probabilities


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
