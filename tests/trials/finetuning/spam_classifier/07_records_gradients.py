# wrong: no torch.no_grad around the calls, the logits are only detached afterwards | violates: "They are computed in evaluation mode and without recording gradients, and in one call the classifier gets at most ``batch`` texts."
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
    before = {module: module.training for module in classifier.modules()}
    classifier.eval()
    outputs = []
    for start in range(0, len(labels), batch):
        part = slice(start, start + batch)
        outputs.append(classifier(ids[part], mask[part]).detach())
    for module, training in before.items():
        module.training = training
    logits = torch.cat(outputs)
    loss = nn.functional.cross_entropy(logits, labels)
    accuracy = (logits.argmax(dim=1) == labels).float().mean()
    return loss.item(), accuracy.item()


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    """Train a model with early stopping, and leave it with the parameters of its best epoch."""
    best_values = {}
    for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
        best_values[name] = tensor.detach().clone()
    best_loss = math.inf
    not_better = 0
    losses = []
    for _ in range(epochs):
        model.train()
        train_epoch()
        loss = float(validate())
        losses.append(loss)
        if math.isfinite(loss) and loss < best_loss:
            best_loss = loss
            not_better = 0
            for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
                best_values[name] = tensor.detach().clone()
        else:
            not_better += 1
            if not_better == patience:
                break
    with torch.no_grad():
        for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
            tensor.copy_(best_values[name])
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
