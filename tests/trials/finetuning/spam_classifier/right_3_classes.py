# right: own helper classes for seeds, modes, checkpoint and trainer
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

import random
from collections.abc import Callable

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


class _Seeded:
    """A block in which PyTorch's global generator starts from a seed; afterwards it is as before."""

    def __init__(self, seed: int):
        self.seed = seed

    def __enter__(self) -> "_Seeded":
        self.before = torch.get_rng_state()
        torch.default_generator.manual_seed(self.seed)
        return self

    def __exit__(self, *error: object) -> None:
        torch.set_rng_state(self.before)


class _Evaluating:
    """A block in which a module is in evaluation mode, and nothing records gradients."""

    def __init__(self, module: nn.Module):
        self.module = module
        self.no_grad = torch.no_grad()

    def __enter__(self) -> nn.Module:
        self.modes = {part: part.training for part in self.module.modules()}
        self.module.eval()
        self.no_grad.__enter__()
        return self.module

    def __exit__(self, *error: object) -> None:
        self.no_grad.__exit__(*error)
        for part, training in self.modes.items():
            part.training = training


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
    rows = [list(tokenizer.encode(subject))[: context - 1] + [2] for subject in subjects]
    columns = max(map(len, rows))
    padded = [row + [0] * (columns - len(row)) for row in rows]
    real = [[True] * len(row) + [False] * (columns - len(row)) for row in rows]
    return torch.tensor(padded), torch.tensor(real)


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    """Create a small classifier with random parameters, and with dropout."""
    with _Seeded(seed):
        classifier = Classifier(GPT(vocabulary, CONTEXT, width=32, layers=1, heads=4), 2)
    gpt = classifier.model
    gpt.positions = nn.Sequential(gpt.positions, Dropout(p, seed))
    classifier.head = nn.Sequential(Dropout(p, 2**32 - 1 - seed), classifier.head)
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
    with _Evaluating(classifier) as judge:
        ham, spam = judge(ids, mask).unbind(dim=1)
        return torch.sigmoid(spam - ham)  # the softmax of two classes


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
