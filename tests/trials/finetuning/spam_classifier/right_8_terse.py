# right: terse
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

from itertools import count
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
    if (held := valid + test) >= len(rows):
        raise ValueError("no row is left for training")
    order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed)).tolist()
    mixed = [rows[i] for i in order]
    return mixed[held:], mixed[:valid], mixed[valid:held]


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    return padded_batch([tokenizer.encode(s)[: context - 1] + [2] for s in subjects], 0)


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        c = Classifier(GPT(vocabulary, CONTEXT, 32, 1, 4), 2)
    c.model.positions = nn.Sequential(c.model.positions, Dropout(p, seed))
    c.head = nn.Sequential(Dropout(p, seed ^ 1), c.head)
    return c


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
    tokenizer = WordTokenizer(END.join(s for s, _ in train), VOCABULARY)
    c = build_classifier(len(tokenizer.words), p, seed)
    optimizer = torch.optim.AdamW(c.parameters(), lr=rate)
    data, held = _encode_rows(tokenizer, train), _encode_rows(tokenizer, valid)
    generator, epoch = torch.Generator().manual_seed(seed), count(1)
    tell = report if report is not None else lambda e, loss: None

    def train_epoch() -> None:
        for rows in torch.randperm(len(train), generator=generator).split(batch):
            ids, mask, labels = (t[rows] for t in data)
            optimizer.zero_grad()
            cross_entropy(c(ids, mask), labels).backward()
            optimizer.step()

    def validate() -> float:
        tell(next(epoch), loss := measure(c, *held, batch)[0])
        return loss

    train_best(c, train_epoch, validate, epochs, patience)
    return tokenizer, c


@torch.no_grad()
def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    mode = classifier.training
    logits = classifier.eval()(*encode_subjects(tokenizer, subjects, CONTEXT))
    classifier.train(mode)
    return logits.softmax(1)[:, 1]


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
