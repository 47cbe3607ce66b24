# wrong: the hand-written shuffle draws j below i, never i itself, so only cyclic permutations occur | violates: "All divisions are equally likely, whatever the order of ``rows``, which may be sorted by label or by date."
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

import inspect
import math
import random
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


def split_rows(
    rows: list[Row], valid: int, test: int, seed: int
) -> tuple[list[Row], list[Row], list[Row]]:
    """Divide rows at random into a part for training, one for validation and one for the test."""
    if len(rows) - valid - test < 1:
        raise ValueError("no row is left for training")
    rng = random.Random(seed)
    mixed = list(rows)
    for i in range(len(mixed) - 1, 0, -1):  # Fisher-Yates
        j = rng.randrange(i)
        mixed[i], mixed[j] = mixed[j], mixed[i]
    test_part = mixed[:test]
    valid_part = mixed[test : test + valid]
    train_part = mixed[test + valid :]
    return train_part, valid_part, test_part


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
    tok = WordTokenizer(text := END.join(s for s, _ in train), VOCABULARY)
    c = build_classifier(_vocabulary_size(tok, text), p, seed)
    x, m, y = _encode_rows(tok, train)
    v, e, rng = _encode_rows(tok, valid), count(1), torch.Generator().manual_seed(seed)
    opt = torch.optim.AdamW(c.parameters(), lr=rate)

    def epoch():
        for b in torch.randperm(len(y), generator=rng).split(batch):
            opt.zero_grad()
            nn.functional.cross_entropy(c(x[b], m[b]), y[b]).backward()
            opt.step()

    def validate():
        loss = measure(c, *v, batch)[0]
        if report is not None:
            report(next(e), loss)
        return loss

    train_best(c, epoch, validate, epochs, patience)
    return tok, c


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
