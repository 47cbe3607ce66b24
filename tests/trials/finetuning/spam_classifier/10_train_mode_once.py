# wrong: sets the training mode once before the loop, not again after validate | violates: "The model is in training mode whenever ``train_epoch`` is called, whatever its mode was before, and it is in evaluation mode when the function returns."
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

import inspect
import math
import random
from collections.abc import Callable
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


def _tensors(model: nn.Module) -> list[torch.Tensor]:
    return [*model.parameters(), *model.buffers()]


def _copies(model: nn.Module) -> list[torch.Tensor]:
    return [tensor.detach().clone() for tensor in _tensors(model)]


def split_rows(
    rows: list[Row], valid: int, test: int, seed: int
) -> tuple[list[Row], list[Row], list[Row]]:
    """Divide rows at random into a part for training, one for validation and one for the test."""
    if len(rows) <= valid + test:
        raise ValueError("nothing left to train on")
    r = random.Random(seed).sample(rows, len(rows))
    return r[valid + test :], r[:valid], r[valid : valid + test]


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the ids of subjects, each with END as its last token, and a mask of the real tokens."""
    lists = []
    longest = 0
    for subject in subjects:
        tokens = list(tokenizer.encode(subject))[: context - 1]
        tokens.append(2)
        longest = max(longest, len(tokens))
        lists.append(tokens)
    ids = torch.zeros(len(lists), longest, dtype=torch.int64)
    mask = torch.zeros(len(lists), longest, dtype=torch.bool)
    for row, tokens in enumerate(lists):
        for column, token in enumerate(tokens):
            ids[row, column] = token
            mask[row, column] = True
    return ids, mask


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
    loss = hits = 0.0
    with _Evaluating(classifier) as judge:
        for rows in torch.arange(len(labels)).split(batch):
            scores = judge(ids[rows], mask[rows]).log_softmax(dim=-1)
            loss -= scores[torch.arange(len(rows)), labels[rows]].sum().item()
            hits += (scores.argmax(dim=-1) == labels[rows]).sum().item()
    return loss / len(labels), hits / len(labels)


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    """Train a model with early stopping, and leave it with the parameters of its best epoch."""
    best_loss = math.inf
    best = _copies(model)
    losses = []
    stale = 0
    model.train()
    for _ in range(epochs):
        train_epoch()
        losses.append(float(validate()))
        if math.isfinite(losses[-1]) and losses[-1] < best_loss:
            best_loss = losses[-1]
            best = _copies(model)
            stale = 0
            continue
        stale += 1
        if stale == patience:
            break
    with torch.no_grad():
        for tensor, value in zip(_tensors(model), best, strict=True):
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
    subjects = []
    for subject, _ in train:
        subjects.append(subject)
    text = END.join(subjects)
    tokenizer = WordTokenizer(text, VOCABULARY)
    classifier = build_classifier(_vocabulary_size(tokenizer, text), p, seed)
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
