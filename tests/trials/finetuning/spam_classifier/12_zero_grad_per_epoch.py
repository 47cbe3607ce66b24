# wrong: zeroes the gradients once per epoch, so they add up over the batches | violates: "For a batch, AdamW takes one step with the learning rate ``rate`` and the gradients of the mean cross-entropy of this batch."
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


class _Checkpoint:
    """A copy of all parameters and buffers of a module, those included that no state dict has."""

    def __init__(self, module: nn.Module):
        self.module = module
        self.save()

    def _tensors(self) -> dict[str, torch.Tensor]:
        return {**dict(self.module.named_parameters()), **dict(self.module.named_buffers())}

    def save(self) -> None:
        self.values = {name: t.detach().clone() for name, t in self._tensors().items()}

    @torch.no_grad()
    def restore(self) -> None:
        for name, tensor in self._tensors().items():
            tensor.copy_(self.values[name])


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
    rows = [[*tokenizer.encode(s)[: context - 1], 2] for s in subjects]
    columns = list(zip_longest(*rows, fillvalue=-1))
    ids = torch.tensor(columns).T.contiguous()
    return ids.clamp(min=0), ids >= 0


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    """Create a small classifier with random parameters, and with dropout."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = _gpt(vocabulary, seed)
        classifier = _classifier(model, seed)
    other_seed = (seed + 1) % 2**32
    model.positions = nn.Sequential(model.positions, _dropout(p, seed))
    classifier.head = nn.Sequential(_dropout(p, other_seed), classifier.head)
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
    checkpoint = _Checkpoint(model)
    lowest = math.inf
    history: list[float] = []
    waiting = 0
    while len(history) < epochs and waiting < patience:
        model.train()
        train_epoch()
        history.append(float(validate()))
        waiting += 1
        if math.isfinite(history[-1]) and history[-1] < lowest:
            lowest, waiting = history[-1], 0
            checkpoint.save()
    checkpoint.restore()
    model.eval()
    return history


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
    corpus = END.join(row[0] for row in train)
    tokenizer = WordTokenizer(corpus, VOCABULARY)
    classifier = build_classifier(_vocabulary_size(tokenizer, corpus), p, seed)
    ids, mask, labels = _encode_rows(tokenizer, train)
    v_ids, v_mask, v_labels = _encode_rows(tokenizer, valid)
    rng = random.Random(seed)
    order = list(range(len(train)))
    opt = torch.optim.AdamW(classifier.parameters(), lr=rate)
    done = [0]

    def one_epoch() -> None:
        rng.shuffle(order)
        opt.zero_grad()
        for first in range(0, len(order), batch):
            chosen = order[first : first + batch]
            logits = classifier(ids[chosen], mask[chosen])
            nn.functional.cross_entropy(logits, labels[chosen]).backward()
            opt.step()

    def validation_loss() -> float:
        loss, _accuracy = measure(classifier, v_ids, v_mask, v_labels, batch)
        done[0] += 1
        if report is not None:
            report(done[0], loss)
        return loss

    train_best(classifier, one_epoch, validation_loss, epochs, patience)
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
