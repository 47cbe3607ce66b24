# wrong: the loss is the mean of the batches' means (the accuracy is right) | violates: "In both, each text counts the same."
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
    modes = [(module, module.training) for module in classifier.modules()]
    classifier.eval()
    losses, correct = [], 0
    with torch.no_grad():
        for i in range(0, len(ids), batch):
            y = labels[i : i + batch]
            logits = classifier(ids[i : i + batch], mask[i : i + batch])
            losses.append(nn.functional.cross_entropy(logits, y).item())
            correct += int((logits.argmax(dim=1) == y).sum())
    for module, training in modes:
        module.training = training
    return sum(losses) / len(losses), correct / len(ids)


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
