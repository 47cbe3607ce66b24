# wrong: only the GPT is made inside fork_rng, the head is drawn from the global generator | violates: "PyTorch's global generator has the same state after the call as before." (and "Equal arguments give classifiers with equal parameters")
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

from collections.abc import Callable

import torch
from torch import nn

from exercises.data.padded_batch import padded_batch
from exercises.finetuning.classifier_head import Classifier
from exercises.finetuning.early_stopping import measure, train_best
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


def split_rows(
    rows: list[Row], valid: int, test: int, seed: int
) -> tuple[list[Row], list[Row], list[Row]]:
    held = valid + test
    if held >= len(rows):
        raise ValueError("nothing left to train on")
    g = torch.Generator()
    g.manual_seed(seed)
    mixed = []
    for i in torch.randperm(len(rows), generator=g):
        mixed.append(rows[int(i)])
    return mixed[held:], mixed[:valid], mixed[valid:held]


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    encoded = [tokenizer.encode(s) for s in subjects]
    encoded = [e[: context - 1] for e in encoded]
    encoded = [[*e, 2] for e in encoded]
    return padded_batch(encoded, pad=0)


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = GPT(vocabulary, CONTEXT, width=32, layers=1, heads=4)
    model.positions = nn.Sequential(model.positions, Dropout(p, seed))
    classifier = Classifier(model, classes=2)
    classifier.head = nn.Sequential(Dropout(p, (seed + 1) % 2**32), classifier.head)
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
    text = END.join([subject for subject, label in train])
    tokenizer = WordTokenizer(text, VOCABULARY)
    model = build_classifier(len(tokenizer.words), p, seed)
    x, m, y = _encode_rows(tokenizer, train)
    xv, mv, yv = _encode_rows(tokenizer, valid)
    g = torch.Generator().manual_seed(seed)
    opt = torch.optim.AdamW(model.parameters(), lr=rate)
    e = 0

    def epoch() -> None:
        nonlocal e
        e += 1
        perm = torch.randperm(len(train), generator=g)
        for b in perm.split(batch):
            width = int(m[b].sum(dim=1).max())
            opt.zero_grad()
            loss = cross_entropy(model(x[b, :width], m[b, :width]), y[b])
            loss.backward()
            opt.step()

    def val() -> float:
        loss, _ = measure(model, xv, mv, yv, batch)
        if report is not None:
            report(e, loss)
        return loss

    train_best(model, epoch, val, epochs, patience)
    return tokenizer, model


def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    t = classifier.training
    classifier.eval()
    with torch.no_grad():
        p = classifier(*encode_subjects(tokenizer, subjects, CONTEXT)).softmax(-1)
    classifier.train(t)
    return p[:, 1]


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
