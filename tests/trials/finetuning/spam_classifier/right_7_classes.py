# right: own helper classes (a seeded context, a loader, a trainer, a mode guard)
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
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


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """PyTorch's global generator has the seed inside, and its old state afterwards."""
    state = torch.get_rng_state()
    try:
        torch.default_generator.manual_seed(seed)
        yield
    finally:
        torch.set_rng_state(state)


class _Evaluation:
    """A module is in evaluation mode inside, and afterwards all its parts are as before."""

    def __init__(self, module: nn.Module) -> None:
        self.module = module

    def __enter__(self) -> None:
        self.modes = [(part, part.training) for part in self.module.modules()]
        self.module.eval()

    def __exit__(self, *exception: object) -> None:
        for part, mode in self.modes:
            part.training = mode


class _Loader:
    """Each iteration gives all rows in a new random order, in batches."""

    def __init__(self, tokenizer: WordTokenizer, rows: list[Row], batch: int, seed: int) -> None:
        self.tokenizer, self.rows, self.batch = tokenizer, rows, batch
        self.rng = random.Random(seed)

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
        order = self.rng.sample(self.rows, len(self.rows))
        for start in range(0, len(order), self.batch):
            yield _encode_rows(self.tokenizer, order[start : start + self.batch])


@dataclass
class _Trainer:
    """The two callbacks of train_best."""

    classifier: Classifier
    loader: _Loader
    held_out: tuple[torch.Tensor, torch.Tensor, torch.Tensor]
    rate: float
    report: Callable[[int, float], object] | None
    epoch: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.optimizer = torch.optim.AdamW(self.classifier.parameters(), lr=self.rate)

    def train_epoch(self) -> None:
        for ids, mask, labels in self.loader:
            self.optimizer.zero_grad()
            cross_entropy(self.classifier(ids, mask), labels).backward()
            self.optimizer.step()

    def validate(self) -> float:
        loss, _ = measure(self.classifier, *self.held_out, batch=self.loader.batch)
        self.epoch += 1
        if self.report is not None:
            self.report(self.epoch, loss)
        return loss


def split_rows(
    rows: list[Row], valid: int, test: int, seed: int
) -> tuple[list[Row], list[Row], list[Row]]:
    """Divide rows at random; the training rows keep their order."""
    if len(rows) - valid - test < 1:
        raise ValueError("no row is left for training")
    drawn = random.Random(seed).sample(range(len(rows)), valid + test)
    held = set(drawn)
    train = [row for i, row in enumerate(rows) if i not in held]
    return train, [rows[i] for i in drawn[:valid]], [rows[i] for i in drawn[valid:]]


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the ids of subjects, each with END at its end, and the mask."""
    end = tokenizer.words.index(END)
    return padded_batch([[*tokenizer.encode(s)[: context - 1], end] for s in subjects], pad=0)


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    """Create the classifier, and put the two dropouts into it."""
    with _seeded(seed):
        classifier = Classifier(GPT(vocabulary, CONTEXT, width=32, layers=1, heads=4), classes=2)
    first, second = random.Random(seed).sample(range(2**32), 2)  # without repetition
    classifier.model.positions = nn.Sequential(classifier.model.positions, Dropout(p, first))
    classifier.head = nn.Sequential(Dropout(p, second), classifier.head)
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
    """Train a classifier with the helper classes above."""
    tokenizer = WordTokenizer(END.join(subject for subject, _ in train), VOCABULARY)
    classifier = build_classifier(len(tokenizer.words), p, seed)
    loader = _Loader(tokenizer, list(train), batch, seed)
    trainer = _Trainer(classifier, loader, _encode_rows(tokenizer, valid), rate, report)
    train_best(classifier, trainer.train_epoch, trainer.validate, epochs, patience)
    return tokenizer, classifier


def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    """Return the probability that each subject is spam."""
    with _Evaluation(classifier), torch.no_grad():
        logits = classifier(*encode_subjects(tokenizer, subjects, CONTEXT))
        return torch.sigmoid(logits[:, 1] - logits[:, 0])


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
