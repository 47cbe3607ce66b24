# right: terse
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

import random
from collections.abc import Callable
from contextlib import contextmanager
from itertools import count, zip_longest

import torch
from torch import nn

from exercises.finetuning.classifier_head import Classifier
from exercises.finetuning.early_stopping import measure, train_best
from exercises.model.gpt import GPT
from exercises.tokenizer.word_tokenizer import WordTokenizer
from exercises.training.dropout import Dropout

END = "<|endoftext|>"
CONTEXT = 32
"""The context length: the largest number of tokens of a subject, its END included."""
VOCABULARY = 2000
"""The largest size of the vocabulary."""
Row = tuple[str, int]
"""A subject and its label: 1 for spam, 0 for an e-mail that was wanted ("ham")."""


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
    if len(rows) <= valid + test:
        raise ValueError("nothing left to train on")
    r = random.Random(seed).sample(rows, len(rows))
    return r[valid + test :], r[:valid], r[valid : valid + test]


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
        c = Classifier(GPT(vocabulary, CONTEXT, width=32, layers=1, heads=4), 2)
    c.model.positions = nn.Sequential(c.model.positions, Dropout(p, seed))
    c.head = nn.Sequential(Dropout(p, seed ^ 1), c.head)
    return c.train()


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
    tok = WordTokenizer(END.join(s for s, _ in train), VOCABULARY)
    c = build_classifier(len(tok.words), p, seed)
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
    with _eval_mode(classifier):
        return classifier(*encode_subjects(tokenizer, subjects, CONTEXT)).softmax(-1)[:, 1].clone()


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
