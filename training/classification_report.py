"""scikit-learn's classification report from a confusion matrix: each class, and the means over them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.evaluation import rounded
from training.markdown import figure, table

FIGURES = ('precision', 'recall', 'f1')


def weighted_metrics(counts: Sequence[Sequence[int]]) -> dict[str, float]:
    """Means of the classes' precision, recall and F1, each class weighing as many rows as it has, from
    `counts [actual, called]`."""
    each, support = _each(counts)
    means = np.average(each, axis=0, weights=support)
    return {f'{name}Weighted': rounded(value) for name, value in zip(FIGURES, means)}


def report_table(dataset: dict, titles: Sequence[str]) -> str:
    """The report on an entry of evaluation.json's `datasets` as a Markdown table."""
    counts = np.array(dataset['confusionMatrix']['counts'])
    each, support = _each(counts)
    total = int(support.sum())
    rows = [[title, *map(figure, each[index]), int(support[index])] for index, title in enumerate(titles)]
    rows.append(['*mean of the classes*', *map(figure, each.mean(axis=0)), total])
    rows.append(['*mean weighted by rows*', *map(figure, np.average(each, axis=0, weights=support)), total])
    return (
        table(['Class', 'Precision', 'Recall', 'F1', 'Rows'], rows)
        + f'\n\nAccuracy {figure(np.trace(counts) / total)}: {int(np.trace(counts))} of {total} rows called rightly.'
    )


def _each(counts: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
    """`[classes, 3]` precision, recall and F1, and `[classes]` rows; 0 where nothing was called or is there."""
    counts = np.asarray(counts, dtype=np.float64)
    right, actual, called = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    parts = (right, called), (right, actual), (2 * right, actual + called)
    figures = [np.divide(top, below, out=np.zeros_like(top), where=below > 0) for top, below in parts]
    return np.stack(figures, axis=1), actual
