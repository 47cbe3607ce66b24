# wrong: train is every row not found in the held-out rows, so copies of a held-out row are lost | violates: "Each row is in exactly one part."
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

import random
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
    if valid + test >= len(rows):
        raise ValueError(f"{valid} + {test} rows of {len(rows)} leave none for training")
    held_out = random.Random(seed).sample(rows, valid + test)
    valid_rows, test_rows = held_out[:valid], held_out[valid:]
    taken = set(held_out)
    train_rows = [row for row in rows if row not in taken]
    return train_rows, valid_rows, test_rows


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    end_id = tokenizer.words.index(END)
    rows = []
    for subject in subjects:
        tokens = tokenizer.encode(subject)
        rows.append([*tokens[: context - 1], end_id])
    return padded_batch(rows, 0)


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    before = torch.get_rng_state()
    torch.manual_seed(seed)
    classifier = Classifier(GPT(vocabulary, CONTEXT, 32, 1, 4), 2)
    torch.set_rng_state(before)
    first, second = random.Random(seed).sample(range(2**32), 2)
    classifier.model.positions = nn.Sequential(classifier.model.positions, Dropout(p, first))
    classifier.head = nn.Sequential(Dropout(p, second), classifier.head)
    return classifier.train()


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
    tokenizer = WordTokenizer(END.join([row[0] for row in train]), VOCABULARY)
    net = build_classifier(len(tokenizer.words), p, seed)
    opt = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.0)
    rng = random.Random(seed)
    valid_ids, valid_mask, valid_labels = _encode_rows(tokenizer, valid)
    losses: list[float] = []

    def one_epoch() -> None:
        shuffled = rng.sample(train, len(train))
        for start in range(0, len(shuffled), batch):
            ids, mask, labels = _encode_rows(tokenizer, shuffled[start : start + batch])
            opt.zero_grad()
            cross_entropy(net(ids, mask), labels).backward()
            opt.step()

    def valid_loss() -> float:
        losses.append(measure(net, valid_ids, valid_mask, valid_labels, batch=64)[0])
        if report is not None:
            report(len(losses), losses[-1])
        return losses[-1]

    train_best(net, one_epoch, valid_loss, epochs, patience)
    return tokenizer, net


@torch.no_grad()
def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    mode = classifier.training
    classifier.eval()
    ids, mask = encode_subjects(tokenizer, subjects, CONTEXT)
    probabilities = torch.softmax(classifier(ids, mask), dim=-1)
    classifier.train(mode)
    return probabilities[:, 1].clone()


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
