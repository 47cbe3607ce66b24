# wrong: the hand-written shuffle draws j below i, never i itself, so only cyclic permutations occur | violates: "All divisions are equally likely, whatever the order of ``rows``, which may be sorted by label or by date."
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

import random
from collections.abc import Callable
from itertools import count

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
        model = GPT(vocabulary, CONTEXT, width=32, layers=1, heads=4)
        classifier = Classifier(model, 2)
    other_seed = (seed + 1) % 2**32
    model.positions = nn.Sequential(model.positions, Dropout(p, seed))
    classifier.head = nn.Sequential(Dropout(p, other_seed), classifier.head)
    classifier.train()
    return classifier


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
