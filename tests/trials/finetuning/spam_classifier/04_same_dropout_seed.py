# wrong: both dropouts get the same seed | violates: "The two of them are drawn from different seeds."
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

import inspect
import math
import random
from collections.abc import Callable
from contextlib import contextmanager
from copy import deepcopy
from itertools import zip_longest

import torch
from torch import nn

from exercises.data.padded_batch import padded_batch
from exercises.finetuning.classifier_head import Classifier
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
"""A subject and its label: 1 for spam, 0 for an e-mail that was wanted ("ham")."""


# --- API: the signatures of GPT, Classifier and Dropout and the name of the tokenizer's size were
# --- not shown to me, so these four find them out. No mistake is meant to be in this block.
def _call(make, words):
    """Call make; each parameter gets the value of the first word that its name contains."""
    arguments = {}
    for name, parameter in inspect.signature(make).parameters.items():
        value = next((v for w, v in words if w in name.lower() or w == "=" + name.lower()), None)
        if value is not None and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            arguments[name] = value
    return make(**arguments)


def _gpt(vocabulary, seed):
    words = [("voc", vocabulary), ("context", CONTEXT), ("length", CONTEXT), ("position", CONTEXT)]
    words += [("head", 4), ("block", 1), ("layer", 1), ("depth", 1), ("dim", 32), ("emb", 32)]
    words += [("width", 32), ("d_model", 32), ("channel", 32), ("seed", seed), ("=d", 32), ("=c", 32)]
    words += [("generator", torch.Generator().manual_seed(seed))]
    return _call(GPT, words)


def _classifier(model, seed):
    words = [("model", model), ("gpt", model), ("seed", seed), ("class", 2), ("label", 2), ("=k", 2)]
    words += [("output", 2), ("dim", 32), ("generator", torch.Generator().manual_seed(seed))]
    return _call(Classifier, words)


def _dropout(p, seed):
    words = [("seed", seed), ("generator", torch.Generator().manual_seed(seed))]
    return _call(Dropout, [*words, ("=p", p), ("prob", p), ("rate", p)])


def _vocabulary_size(tokenizer, text):
    """The size of the vocabulary that was learned from text: all of its words occur in text."""
    return 1 + max([2, *map(int, tokenizer.encode(text))])
# --- end of API


def _tensors(model: nn.Module) -> list[torch.Tensor]:
    return [*model.parameters(), *model.buffers()]


def _copies(model: nn.Module) -> list[torch.Tensor]:
    return [tensor.detach().clone() for tensor in _tensors(model)]


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
        gpt = _gpt(vocabulary, seed)
        classifier = _classifier(gpt, seed)
    gpt.positions = nn.Sequential(gpt.positions, _dropout(p, seed))
    classifier.head = nn.Sequential(_dropout(p, seed), classifier.head)
    classifier.train()
    return classifier


def measure(
    classifier: nn.Module, ids: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor, batch: int
) -> tuple[float, float]:
    """Return a classifier's mean loss over labelled texts, and its accuracy."""
    with _eval_mode(classifier):
        z = torch.cat([classifier(i, m) for i, m in zip(ids.split(batch), mask.split(batch))])
        loss = nn.functional.cross_entropy(z, labels)
    return loss.item(), (z.argmax(-1) == labels).float().mean().item()


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    """Train a model with early stopping, and leave it with the parameters of its best epoch."""
    losses: list[float] = []
    best, best_epoch, kept = math.inf, 0, _copies(model)
    for epoch in range(1, epochs + 1):
        model.train()
        train_epoch()
        losses.append(float(validate()))
        if math.isfinite(losses[-1]) and losses[-1] < best:
            best, best_epoch, kept = losses[-1], epoch, _copies(model)
        if epoch == best_epoch + patience:
            break
    with torch.no_grad():
        for tensor, value in zip(_tensors(model), kept, strict=True):
            tensor.copy_(value)
    model.eval()
    return losses


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
    classifier = build_classifier(_vocabulary_size(tokenizer, text), p, seed)
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
