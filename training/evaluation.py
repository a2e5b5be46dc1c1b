"""How good a binary classifier is: discrimination, calibration and what the inputs looked like.

Everything here is plain NumPy over `labels [rows]` (0 or 1) and `probabilities [rows]` of the positive class, and comes
back as plain numbers, ready for evaluation.json (its schema: docs/schemas/evaluation.schema.json).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt

import numpy as np

from training.manifest import Input

ROC_POINTS = 100
CALIBRATION_BINS = 10
HISTOGRAM_BINS = 20
DIGITS = 6
"""Decimals kept of a computed figure: more than a reader needs, few enough to compare by eye."""


def confusion_matrix(labels: np.ndarray, probabilities: np.ndarray, threshold: float) -> np.ndarray:
    """Counts `[actual, predicted]`, 2×2, negative class first. At the threshold itself the answer is positive."""
    predicted = (probabilities >= threshold).astype(int)
    matrix = np.zeros((2, 2), dtype=int)
    np.add.at(matrix, (labels.astype(int), predicted), 1)
    return matrix


def threshold_metrics(matrix: np.ndarray) -> dict[str, float]:
    """Accuracy, precision, recall and F1 of the positive class from a confusion matrix.

    Precision is 0 when nothing was called positive, recall 0 when nothing was positive (scikit-learn's convention).
    """
    (_, false_positive), (false_negative, true_positive) = matrix
    called, actual = true_positive + false_positive, true_positive + false_negative
    return {
        'accuracy': float(np.trace(matrix) / matrix.sum()),
        'precision': float(true_positive / called) if called else 0.0,
        'recall': float(true_positive / actual) if actual else 0.0,
        'f1': float(2 * true_positive / (called + actual)) if called + actual else 0.0,
    }


def roc_curve(labels: np.ndarray, probabilities: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every corner of the ROC curve: false positive rate, true positive rate and threshold, from (0, 0) to (1, 1).

    The first threshold is infinity: nothing is called positive. Equal scores are one step, so ties count half in the
    area. Raises ValueError unless both classes occur.
    """
    positives = int(labels.sum())
    negatives = len(labels) - positives
    if positives == 0 or negatives == 0:
        raise ValueError('a ROC curve needs rows of both classes')
    order = np.argsort(-probabilities, kind='stable')
    scores = probabilities[order]
    last_of_ties = np.r_[np.flatnonzero(np.diff(scores)), len(scores) - 1]
    true_positives = np.cumsum(labels[order])[last_of_ties]
    false_positives = last_of_ties + 1 - true_positives
    return (
        np.r_[0.0, false_positives / negatives],
        np.r_[0.0, true_positives / positives],
        np.r_[np.inf, scores[last_of_ties]],
    )


def auc(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Area under the ROC curve: the chance that a positive row scores above a negative one."""
    false_positive_rate, true_positive_rate, _ = roc_curve(labels, probabilities)
    return float(np.trapezoid(true_positive_rate, false_positive_rate))


def brier_score(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Mean squared distance of the probability from what happened (Brier 1950); 0 is best."""
    return float(np.mean((probabilities - labels) ** 2))


def calibration_bins(labels: np.ndarray, probabilities: np.ndarray, bins: int = CALIBRATION_BINS) -> list[dict]:
    """Rows sorted by probability and cut into `bins` groups of equal size (deciles): predicted against observed."""
    order = np.argsort(probabilities, kind='stable')
    return [
        {
            'lower': rounded(probabilities[rows[0]]),
            'upper': rounded(probabilities[rows[-1]]),
            'count': len(rows),
            'meanPredicted': rounded(probabilities[rows].mean()),
            'observed': rounded(labels[rows].mean()),
        }
        for rows in np.array_split(order, bins)
        if len(rows) > 0
    ]


def calibration_error(bins: Sequence[dict]) -> float:
    """Expected calibration error: the mean gap between predicted and observed, weighted by the bins' rows."""
    total = sum(entry['count'] for entry in bins)
    return sum(entry['count'] * abs(entry['meanPredicted'] - entry['observed']) for entry in bins) / total


def wilson_interval(proportion: float, count: int) -> tuple[float, float]:
    """95 % confidence interval of a proportion seen in `count` rows (Wilson 1927)."""
    z = 1.959964
    centre = (proportion + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * sqrt(proportion * (1 - proportion) / count + z * z / (4 * count * count))
    return centre - half, centre + half


def histogram(column: np.ndarray, declared: Input) -> dict:
    """How one input's values are spread: a count for each allowed value, or for each of 20 bins of its range.

    Bins are half open but for the last; the range of an integer is widened by a half on both sides, so that no
    value lies on an edge.
    """
    if declared.values is not None:
        allowed = [entry['value'] for entry in declared.values]
        return {'name': declared.name, 'values': allowed, 'counts': [int((column == value).sum()) for value in allowed]}
    minimum, maximum = declared.range
    margin = 0.5 if declared.type == 'integer' else 0.0
    edges = np.linspace(minimum - margin, maximum + margin, HISTOGRAM_BINS + 1)
    # float32 columns are widened to float64 first; rounding keeps 1.4 in the bin that starts at 1.4.
    counts, _ = np.histogram(np.round(column.astype(np.float64), DIGITS), bins=np.round(edges, DIGITS))
    return {'name': declared.name, 'edges': [rounded(edge) for edge in edges], 'counts': [int(n) for n in counts]}


def all_metrics(labels: np.ndarray, probabilities: np.ndarray, threshold: float) -> dict[str, float]:
    """Accuracy, precision, recall, F1, AUC, Brier score and expected calibration error, rounded."""
    figures = {
        **threshold_metrics(confusion_matrix(labels, probabilities, threshold)),
        'auc': auc(labels, probabilities),
        'brier': brier_score(labels, probabilities),
        'calibrationError': calibration_error(calibration_bins(labels, probabilities)),
    }
    return {name: rounded(value) for name, value in figures.items()}


def evaluate(
    name: str,
    title: str,
    inputs: np.ndarray,
    labels: np.ndarray,
    probabilities: np.ndarray,
    declared: Sequence[Input],
    classes: Sequence[str],
    threshold: float,
) -> dict:
    """One entry of `datasets` in evaluation.json, for `inputs [rows, columns]` in the order of `declared`."""
    probabilities = probabilities.astype(np.float64)
    matrix = confusion_matrix(labels, probabilities, threshold)
    return {
        'name': name,
        'title': title,
        'rows': len(labels),
        'classCounts': [int((labels == index).sum()) for index in range(len(classes))],
        'metrics': all_metrics(labels, probabilities, threshold),
        'confusionMatrix': {'classes': list(classes), 'counts': matrix.tolist()},
        'roc': [{'class': classes[1], 'points': thinned_roc(labels, probabilities)}],
        'calibration': [{'class': classes[1], 'bins': calibration_bins(labels, probabilities)}],
        'histograms': [histogram(inputs[:, index], entry) for index, entry in enumerate(declared)],
    }


def share_lowered(
    predict: Callable[[np.ndarray], np.ndarray], inputs: np.ndarray, column: int, step: float, maximum: float, by: float
) -> float:
    """Share of rows whose probability falls by more than `by` when one input rises by `step` (at most to `maximum`).

    For a factor that can only raise a risk the share should be next to nothing; a network does not promise it.
    """
    raised = inputs.copy()
    raised[:, column] = np.minimum(raised[:, column] + np.float32(step), np.float32(maximum))
    return float(np.mean(predict(inputs) - predict(raised) > by))


def thinned_roc(labels: np.ndarray, probabilities: np.ndarray) -> list[dict]:
    """At most ROC_POINTS corners of the curve, evenly spread along its length, both ends kept."""
    false_positive_rate, true_positive_rate, thresholds = roc_curve(labels, probabilities)
    length = false_positive_rate + true_positive_rate
    kept = np.unique(np.searchsorted(length, np.linspace(0, length[-1], ROC_POINTS)))
    return [
        {
            'falsePositiveRate': rounded(false_positive_rate[index]),
            'truePositiveRate': rounded(true_positive_rate[index]),
            'threshold': None if np.isinf(thresholds[index]) else rounded(thresholds[index]),
        }
        for index in kept
    ]


def rounded(value: float) -> float:
    """A figure as it is stated: a plain number with DIGITS decimals."""
    return round(float(value), DIGITS)
