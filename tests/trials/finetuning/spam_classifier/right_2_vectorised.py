# right: vectorised, whole tensors with split, cat, gather, pad_sequence
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

import inspect
import math
from collections.abc import Callable
from copy import deepcopy
from itertools import count

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
        classifier = _classifier(_gpt(vocabulary, seed), seed)
    finally:
        torch.set_rng_state(state)
    first, second = (_dropout(p, s) for s in (seed, seed ^ 1))
    classifier.model.positions = nn.Sequential(classifier.model.positions, first)
    classifier.head = nn.Sequential(second, classifier.head)
    return classifier.train()


def measure(
    classifier: nn.Module, ids: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor, batch: int
) -> tuple[float, float]:
    """Return a classifier's mean loss over labelled texts, and its accuracy."""
    modes = {module: module.training for module in classifier.modules()}
    classifier.eval()
    with torch.no_grad():
        pairs = zip(ids.split(batch), mask.split(batch), strict=True)
        logits = torch.cat([classifier(*pair) for pair in pairs])
    for module, mode in modes.items():
        module.training = mode
    losses = logits.logsumexp(dim=1) - logits.gather(1, labels[:, None])[:, 0]
    return losses.mean().item(), (logits.argmax(dim=1) == labels).float().mean().item()


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
    text = END.join(subject for subject, _ in train)
    tokenizer = WordTokenizer(text, VOCABULARY)
    classifier = build_classifier(_vocabulary_size(tokenizer, text), p, seed)
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
