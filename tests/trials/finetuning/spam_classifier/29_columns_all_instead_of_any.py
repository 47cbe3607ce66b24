# wrong: a batch keeps the columns where ALL rows have a token, so longer subjects lose their last words and END | violates: "The number of columns of a batch is your decision, as long as no real token is cut off."
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
    n = len(rows)
    if n - valid - test <= 0:
        raise ValueError("no training rows left")
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))

    def take(indices: torch.Tensor) -> list[Row]:
        return [rows[i] for i in indices.tolist()]

    return take(order[valid + test :]), take(order[:valid]), take(order[valid : valid + test])


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    lists = []
    for subject in subjects:
        # END in any case, then cut, then END again at the last place if it was cut off
        ids = (tokenizer.encode(subject) + [2])[:context]
        ids[-1] = 2
        lists.append(ids)
    return padded_batch(lists, pad=0)


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        classifier = Classifier(GPT(vocabulary, CONTEXT, 32, layers=1, heads=4), classes=2)
    body = classifier.model
    body.positions = nn.Sequential(body.positions, Dropout(p, seed=seed))
    classifier.head = nn.Sequential(Dropout(p, seed=(seed + 7) % 2**32), classifier.head)
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
    tokenizer = WordTokenizer(END.join(subject for subject, _ in train), VOCABULARY)
    classifier = build_classifier(len(tokenizer.words), p, seed)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=rate, weight_decay=0.0)
    all_ids, all_mask, all_labels = _encode_rows(tokenizer, train)
    held_out = _encode_rows(tokenizer, valid)
    generator = torch.Generator().manual_seed(seed)
    losses: list[float] = []

    def train_epoch() -> None:
        for rows in torch.randperm(len(train), generator=generator).split(batch):
            ids, mask = all_ids[rows], all_mask[rows]
            columns = mask.all(dim=0)  # without the columns of padding
            optimizer.zero_grad()
            logits = classifier(ids[:, columns], mask[:, columns])
            cross_entropy(logits, all_labels[rows]).backward()
            optimizer.step()

    def validate() -> float:
        losses.append(measure(classifier, *held_out, batch)[0])
        if report is not None:
            report(len(losses), losses[-1])
        return losses[-1]

    train_best(classifier, train_epoch, validate, epochs, patience)
    return tokenizer, classifier


def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    in_training = classifier.training
    classifier.eval()
    inputs = encode_subjects(tokenizer, subjects, CONTEXT)
    with torch.no_grad():
        probability = classifier(*inputs).softmax(dim=1)
    if in_training:
        classifier.train()
    return probability[:, 1]


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
