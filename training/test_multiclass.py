"""The figures of several classes against small cases worked out by hand."""

import numpy as np
import pytest

from training.evaluation import auc
from training.manifest import check_against_schema
from training.multiclass import (
    all_metrics,
    class_metrics,
    confusion_matrix,
    evaluate,
    histogram,
    histogram_edges,
)

LABELS = np.array([0, 0, 1, 1, 2])
PROBABILITIES = np.array([[0.7, 0.2, 0.1], [0.3, 0.6, 0.1], [0.2, 0.5, 0.3], [0.1, 0.8, 0.1], [0.5, 0.1, 0.4]])


def test_counts_actual_by_most_probable():
    assert confusion_matrix(LABELS, PROBABILITIES).tolist() == [[1, 1, 0], [0, 2, 0], [1, 0, 0]]


def test_a_class_against_the_rest():
    metrics = class_metrics(LABELS, PROBABILITIES, 1)
    assert metrics['precision'] == pytest.approx(2 / 3, abs=1e-6) and metrics['recall'] == 1
    assert metrics['f1'] == pytest.approx(0.8)
    assert metrics['auc'] == pytest.approx(auc((LABELS == 1).astype(int), PROBABILITIES[:, 1]), abs=1e-6)
    assert metrics['brier'] == pytest.approx((0.04 + 0.36 + 0.25 + 0.04 + 0.01) / 5)


def test_a_class_that_was_never_called_has_precision_0():
    assert class_metrics(LABELS, PROBABILITIES, 2)['precision'] == 0.0


def test_the_whole_is_the_mean_of_the_classes_but_for_the_brier_score():
    each = [class_metrics(LABELS, PROBABILITIES, index) for index in range(3)]
    whole = all_metrics(LABELS, PROBABILITIES)
    assert whole['accuracy'] == pytest.approx(3 / 5)
    for name in ('precision', 'recall', 'f1', 'auc', 'calibrationError'):
        assert whole[name] == pytest.approx(np.mean([metrics[name] for metrics in each]), abs=1e-5)
    one_hot = np.eye(3)[LABELS]
    assert whole['brier'] == pytest.approx(np.mean(np.sum((PROBABILITIES - one_hot) ** 2, axis=1)), abs=1e-5)
    assert whole['logLoss'] == pytest.approx(-np.mean(np.log([0.7, 0.3, 0.5, 0.8, 0.4])), abs=1e-6)


def test_log_loss_stays_finite_for_a_probability_of_0():
    assert np.isfinite(all_metrics(LABELS, np.eye(3)[[1, 1, 0, 0, 0]])['logLoss'])


def test_an_evaluation_fits_its_schema():
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 3, 500)
    scores = rng.random((500, 3)) + np.eye(3)[labels]
    probabilities = scores / scores.sum(axis=1, keepdims=True)
    classes = ['a', 'b', 'c']
    entry = evaluate('held-out', 'Held out', labels, probabilities, classes)
    entry['histograms'] = [histogram('x', rng.random(500), histogram_edges(rng.random(500), 0, 2))]
    document = {'schemaVersion': 1, 'task': 'multiclass-classification', 'classes': classes, 'datasets': [entry]}
    check_against_schema(document, 'evaluation.schema.json')
    assert [curve['class'] for curve in entry['roc']] == classes
    assert sum(entry['classCounts']) == sum(map(sum, entry['confusionMatrix']['counts'])) == 500


@pytest.mark.parametrize('minimum, maximum', [(-10, 10), (0, 10), (0, 1), (-10, 1)])
def test_bins_reach_over_the_whole_range_and_count_every_value_once(minimum, maximum):
    values = np.clip(np.random.default_rng(2).beta(2, 3, 3000), minimum, maximum)
    values[:30] = 0
    edges = histogram_edges(values, minimum, maximum)
    assert (edges[0], edges[-1]) == (minimum, maximum)
    assert len(edges) == 21 and all(low < high for low, high in zip(edges, edges[1:]))
    assert sum(histogram('x', values, edges)['counts']) == 3000
