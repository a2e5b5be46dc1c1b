"""How good a classifier of several classes is: as a whole, and each class against the rest.

Plain NumPy over `labels [rows]` (class indices) and `probabilities [rows, classes]`, as plain numbers for
evaluation.json (its schema: docs/schemas/evaluation.schema.json).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.evaluation import auc, brier_score, calibration_bins, calibration_error, rounded, thinned_roc

SMALLEST_PROBABILITY = 1e-7
"""Below it the logarithm of a probability is not taken: float32 cannot tell it from 0 beside a 1."""


def confusion_matrix(labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Counts `[actual, predicted]`; a row is called what is most probable."""
    classes = probabilities.shape[1]
    matrix = np.zeros((classes, classes), dtype=int)
    np.add.at(matrix, (labels, probabilities.argmax(axis=1)), 1)
    return matrix


def class_metrics(labels: np.ndarray, probabilities: np.ndarray, index: int) -> dict[str, float]:
    """One class against the rest: precision, recall and F1 of the calls; AUC, Brier score and expected calibration
    error of its probability. Precision is 0 when the class was never called."""
    matrix = confusion_matrix(labels, probabilities)
    right, actual, called = matrix[index, index], matrix[index].sum(), matrix[:, index].sum()
    own, probability = (labels == index).astype(int), probabilities[:, index]
    return {
        'precision': rounded(right / called) if called else 0.0,
        'recall': rounded(right / actual) if actual else 0.0,
        'f1': rounded(2 * right / (called + actual)) if called + actual else 0.0,
        'auc': rounded(auc(own, probability)),
        'brier': rounded(brier_score(own, probability)),
        'calibrationError': rounded(calibration_error(calibration_bins(own, probability))),
    }


def all_metrics(labels: np.ndarray, probabilities: np.ndarray) -> dict[str, float]:
    """The whole classifier: accuracy; precision, recall, F1, AUC and calibration error as means over the classes
    (each class against the rest, all weighing the same); Brier score as the sum over the classes (Brier 1950: from 0
    to 2); and the mean negative logarithm of the right class's probability."""
    each = [class_metrics(labels, probabilities, index) for index in range(probabilities.shape[1])]
    right = probabilities[np.arange(len(labels)), labels]
    means = {name: rounded(np.mean([metrics[name] for metrics in each])) for name in each[0] if name != 'brier'}
    return {
        'accuracy': rounded(np.mean(probabilities.argmax(axis=1) == labels)),
        **means,
        'brier': rounded(sum(metrics['brier'] for metrics in each)),
        'logLoss': rounded(-np.mean(np.log(np.maximum(right, SMALLEST_PROBABILITY)))),
    }


def evaluate(name: str, title: str, labels: np.ndarray, probabilities: np.ndarray, classes: Sequence[str]) -> dict:
    """One entry of `datasets` in evaluation.json, but for its histograms."""
    probabilities = probabilities.astype(np.float64)
    own = [(labels == index).astype(int) for index in range(len(classes))]
    return {
        'name': name,
        'title': title,
        'rows': len(labels),
        'classCounts': [int(rows.sum()) for rows in own],
        'metrics': all_metrics(labels, probabilities),
        'classMetrics': [
            {'class': entry, 'metrics': class_metrics(labels, probabilities, index)}
            for index, entry in enumerate(classes)
        ],
        'confusionMatrix': {'classes': list(classes), 'counts': confusion_matrix(labels, probabilities).tolist()},
        'roc': [
            {'class': entry, 'points': thinned_roc(own[index], probabilities[:, index])}
            for index, entry in enumerate(classes)
        ],
        'calibration': [
            {'class': entry, 'bins': calibration_bins(own[index], probabilities[:, index])}
            for index, entry in enumerate(classes)
        ],
    }


def histogram_edges(values: np.ndarray, minimum: float, maximum: float, bins: int = 20) -> list[float]:
    """Edges of `bins` bins: equal steps over the middle 99 % of `values`, the outer two reach to the range's ends."""
    low, high = np.percentile(values, (0.5, 99.5))
    if not minimum < low < high < maximum:
        inner = np.linspace(minimum if low <= minimum else low, maximum if high >= maximum else high, bins + 1)[1:-1]
    else:
        inner = np.linspace(low, high, bins - 1)
    return [float(minimum), *(rounded(edge) for edge in inner), float(maximum)]


def histogram(name: str, values: np.ndarray, edges: Sequence[float]) -> dict:
    """How the values of one signal are spread over the bins between `edges`."""
    counts, _ = np.histogram(values.astype(np.float64), bins=np.asarray(edges))
    return {'name': name, 'edges': list(edges), 'counts': [int(count) for count in counts]}
