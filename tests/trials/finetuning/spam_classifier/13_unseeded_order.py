# wrong: the order comes from the global generator, forked but not seeded, so it depends on the caller's state | violates: "Equal arguments give classifiers with equal parameters."
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

import inspect
import math
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


def split_rows(
    rows: list[Row], valid: int, test: int, seed: int
) -> tuple[list[Row], list[Row], list[Row]]:
    """Divide rows at random into a part for training, one for validation and one for the test."""
    if valid + test >= len(rows):
        raise ValueError("no row is left for training")
    generator = torch.Generator()
    generator.manual_seed(seed)
    train_part, valid_part, test_part = [], [], []
    for place, index in enumerate(torch.randperm(len(rows), generator=generator).tolist()):
        if place < valid:
            valid_part.append(rows[index])
        elif place < valid + test:
            test_part.append(rows[index])
        else:
            train_part.append(rows[index])
    return train_part, valid_part, test_part


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
    def state():
        return {**dict(model.named_parameters()), **dict(model.named_buffers())}

    losses, best, since = [], math.inf, 0
    kept = {k: v.detach().clone() for k, v in state().items()}
    while len(losses) < epochs and since < patience:
        model.train(), train_epoch()
        losses.append(loss := float(validate()))
        since += 1
        if -math.inf < loss < best:
            best, since, kept = loss, 0, {k: v.detach().clone() for k, v in state().items()}
    with torch.no_grad():
        [v.copy_(kept[k]) for k, v in state().items()]
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
    text = END.join(subject for subject, label in train)
    tokenizer = WordTokenizer(text, VOCABULARY)
    classifier = build_classifier(_vocabulary_size(tokenizer, text), p, seed)
    ids, mask, labels = _encode_rows(tokenizer, train)
    for_validation = _encode_rows(tokenizer, valid)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=rate)
    epoch = 0

    def train_epoch() -> None:
        shuffled = torch.randperm(len(train))
        for i in range(0, len(train), batch):
            now = shuffled[i : i + batch]
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(classifier(ids[now], mask[now]), labels[now])
            loss.backward()
            optimizer.step()

    def validate() -> float:
        nonlocal epoch
        epoch += 1
        loss = measure(classifier, *for_validation, batch)[0]
        if report is not None:
            report(epoch, loss)
        return loss

    with torch.random.fork_rng(devices=[]):  # the global generator is as before afterwards
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
