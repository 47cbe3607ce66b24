# wrong: the first epoch always counts as the best so far, even when its loss is NaN or infinite; after a NaN nothing is better | violates: "A loss may be NaN or infinite, which is never better than another one."
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

import inspect
import math
from collections.abc import Callable
from copy import deepcopy
from itertools import count, zip_longest

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


class _Seeded:
    """A block in which PyTorch's global generator starts from a seed; afterwards it is as before."""

    def __init__(self, seed: int):
        self.seed = seed

    def __enter__(self) -> "_Seeded":
        self.before = torch.get_rng_state()
        torch.default_generator.manual_seed(self.seed)
        return self

    def __exit__(self, *error: object) -> None:
        torch.set_rng_state(self.before)


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
    rows = [[*tokenizer.encode(s)[: context - 1], 2] for s in subjects]
    columns = list(zip_longest(*rows, fillvalue=-1))
    ids = torch.tensor(columns).T.contiguous()
    return ids.clamp(min=0), ids >= 0


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    """Create a small classifier with random parameters, and with dropout."""
    with _Seeded(seed):
        classifier = _classifier(_gpt(vocabulary, seed), seed)
    gpt = classifier.model
    gpt.positions = nn.Sequential(gpt.positions, _dropout(p, seed))
    classifier.head = nn.Sequential(_dropout(p, 2**32 - 1 - seed), classifier.head)
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
    def snapshot() -> dict[str, torch.Tensor]:
        everything = [*model.named_parameters(), *model.named_buffers()]
        return {name: tensor.detach().clone() for name, tensor in everything}

    losses = []
    lowest = None
    bad_epochs = 0
    best = snapshot()
    while len(losses) < epochs and bad_epochs < patience:
        model.train()
        train_epoch()
        loss = float(validate())
        losses.append(loss)
        if lowest is None or (math.isfinite(loss) and loss < lowest):
            lowest, best, bad_epochs = loss, snapshot(), 0
        else:
            bad_epochs += 1
    with torch.no_grad():
        for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
            tensor.copy_(best[name])
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
