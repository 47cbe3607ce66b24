# wrong: zeroes the gradients once per epoch, so they add up over the batches | violates: "For a batch, AdamW takes one step with the learning rate ``rate`` and the gradients of the mean cross-entropy of this batch."
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

import random
from collections.abc import Callable
from itertools import zip_longest

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
    rows = [[*tokenizer.encode(s)[: context - 1], 2] for s in subjects]
    columns = list(zip_longest(*rows, fillvalue=-1))
    ids = torch.tensor(columns).T.contiguous()
    return ids.clamp(min=0), ids >= 0


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
    corpus = END.join(row[0] for row in train)
    tokenizer = WordTokenizer(corpus, VOCABULARY)
    classifier = build_classifier(len(tokenizer.words), p, seed)
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
