# wrong: makes the generator anew in each epoch, so each epoch has the same order | violates: "Each batch has ``batch`` rows, and the last one what is left; the order of the rows is random, and another one in each epoch."
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

import inspect
import math
import random
from collections.abc import Callable
from contextlib import contextmanager
from copy import deepcopy

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
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        c = _classifier(_gpt(vocabulary, seed), seed)
    c.model.positions = nn.Sequential(c.model.positions, _dropout(p, seed))
    c.head = nn.Sequential(_dropout(p, seed ^ 1), c.head)
    return c.train()


def measure(
    classifier: nn.Module, ids: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor, batch: int
) -> tuple[float, float]:
    """Return a classifier's mean loss over labelled texts, and its accuracy."""
    modes = []
    for module in classifier.modules():
        modes.append((module, module.training))
    classifier.eval()
    total = 0.0
    right = 0
    with torch.no_grad():
        for start in range(0, len(labels), batch):
            end = start + batch
            logits = classifier(ids[start:end], mask[start:end])
            wanted = labels[start:end]
            total += nn.functional.cross_entropy(logits, wanted, reduction="sum").item()
            right += (logits.argmax(dim=1) == wanted).sum().item()
    for module, training in modes:
        module.training = training
    return total / len(labels), right / len(labels)


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
    joined = END.join(subject for subject, _ in train)
    tokenizer = WordTokenizer(joined, VOCABULARY)
    classifier = build_classifier(_vocabulary_size(tokenizer, joined), p, seed)
    ids, mask, labels = _encode_rows(tokenizer, train)
    valid_batch = _encode_rows(tokenizer, valid)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=rate)
    losses = []

    def train_epoch() -> None:
        generator = torch.Generator().manual_seed(seed)
        for rows in torch.randperm(len(train), generator=generator).split(batch):
            loss = nn.functional.cross_entropy(classifier(ids[rows], mask[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    def validate() -> float:
        losses.append(measure(classifier, *valid_batch, batch)[0])
        if report is not None:
            report(len(losses), losses[-1])
        return losses[-1]

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
