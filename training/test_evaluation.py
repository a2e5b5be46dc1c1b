"""The figures against small cases worked out by hand."""

import numpy as np
import pytest

from training.evaluation import (
    ROC_POINTS,
    all_metrics,
    auc,
    brier_score,
    calibration_bins,
    calibration_error,
    confusion_matrix,
    evaluate,
    histogram,
    roc_curve,
    share_lowered,
    threshold_metrics,
    wilson_interval,
)
from training.manifest import Input, check_against_schema

LABELS = np.array([0, 0, 1, 1])
PROBABILITIES = np.array([0.1, 0.4, 0.35, 0.8])


def test_counts_actual_by_predicted_and_calls_the_threshold_itself_positive():
    assert confusion_matrix(LABELS, PROBABILITIES, 0.4).tolist() == [[1, 1], [1, 1]]


def test_precision_recall_and_f1_are_those_of_the_positive_class():
    metrics = threshold_metrics(np.array([[50, 10], [5, 35]]))
    assert metrics == pytest.approx({'accuracy': 0.85, 'precision': 35 / 45, 'recall': 35 / 40, 'f1': 70 / 85})


def test_precision_is_zero_when_nothing_is_called_positive():
    assert threshold_metrics(np.array([[3, 0], [1, 0]]))['precision'] == 0.0


def test_auc_is_the_share_of_pairs_in_the_right_order():
    assert auc(LABELS, PROBABILITIES) == pytest.approx(0.75)


def test_ties_count_half_in_the_auc():
    assert auc(np.array([0, 1, 0, 1]), np.full(4, 0.5)) == pytest.approx(0.5)


def test_auc_agrees_with_counting_all_pairs():
    rng = np.random.default_rng(1)
    labels, scores = rng.integers(0, 2, 300), np.round(rng.random(300), 1)
    difference = scores[labels == 1][:, None] - scores[labels == 0][None, :]
    assert auc(labels, scores) == pytest.approx(np.mean((difference > 0) + 0.5 * (difference == 0)))


def test_a_roc_curve_of_one_class_is_refused():
    with pytest.raises(ValueError, match='both classes'):
        roc_curve(np.ones(3, dtype=int), np.array([0.1, 0.2, 0.3]))


def test_brier_score_is_the_mean_squared_distance():
    assert brier_score(np.array([1, 0]), np.array([0.8, 0.4])) == pytest.approx((0.04 + 0.16) / 2)


def test_calibration_groups_are_of_equal_size_and_in_order():
    bins = calibration_bins(np.tile([0, 1], 50), np.linspace(0, 1, 100))
    assert [entry['count'] for entry in bins] == [10] * 10
    assert all(before['upper'] <= after['lower'] for before, after in zip(bins, bins[1:]))
    assert {entry['observed'] for entry in bins} == {0.5}


def test_calibration_error_weighs_the_gaps_by_rows():
    bins = [
        {'count': 30, 'meanPredicted': 0.2, 'observed': 0.1},
        {'count': 10, 'meanPredicted': 0.9, 'observed': 0.7},
    ]
    assert calibration_error(bins) == pytest.approx((30 * 0.1 + 10 * 0.2) / 40)


def test_wilson_interval_of_a_half():
    assert wilson_interval(0.5, 100) == pytest.approx((0.4038, 0.5962), abs=1e-4)


def test_a_histogram_counts_every_value_of_the_range_once_even_on_bin_edges():
    pressure = Input('pressure', 'Pressure', 'number', example=1, range=(0.6, 1.8))
    column = np.arange(60, 181, 6).astype(np.float32) / 100
    counts = histogram(column, pressure)['counts']
    assert counts == [1] * 19 + [2]


def test_a_histogram_of_whole_years_has_five_years_a_bin():
    age = Input('age', 'Age', 'integer', example=1, range=(0, 99))
    assert histogram(np.arange(100, dtype=np.float32), age)['counts'] == [5] * 20


def test_a_histogram_of_allowed_values_counts_each():
    smoker = Input('smoker', 'Smoker', 'integer', example=0, values=({'value': 0}, {'value': 1}))
    assert histogram(np.array([0, 1, 1]), smoker) == {'name': 'smoker', 'values': [0, 1], 'counts': [1, 2]}


def test_a_fall_of_the_probability_is_noticed():
    inputs = np.linspace(0, 1, 11, dtype=np.float32)[:, None]
    step = {'column': 0, 'step': 0.1, 'maximum': 1.0, 'by': 0.05}
    assert share_lowered(lambda x: 1 - x[:, 0], inputs, **step) == pytest.approx(10 / 11)
    assert share_lowered(lambda x: x[:, 0], inputs, **step) == 0


def test_an_evaluation_fits_its_schema_and_keeps_both_ends_of_a_long_roc_curve():
    rng = np.random.default_rng(2)
    labels, inputs = rng.integers(0, 2, 5000), rng.random((5000, 1))
    probabilities = np.clip(0.3 * labels + 0.7 * rng.random(5000), 0, 1)
    declared = [Input('x', 'X', 'number', example=0, range=(0, 1))]
    entry = evaluate('held-out', 'Held out', inputs, labels, probabilities, declared, ['no', 'yes'], 0.5)
    document = {'schemaVersion': 1, 'task': 'binary-classification', 'classes': ['no', 'yes'], 'datasets': [entry]}
    check_against_schema(document, 'evaluation.schema.json')
    points = entry['roc'][0]['points']
    assert len(points) <= ROC_POINTS
    assert points[0] == {'falsePositiveRate': 0.0, 'truePositiveRate': 0.0, 'threshold': None}
    assert (points[-1]['falsePositiveRate'], points[-1]['truePositiveRate']) == (1.0, 1.0)
    area = np.trapezoid([p['truePositiveRate'] for p in points], [p['falsePositiveRate'] for p in points])
    assert area == pytest.approx(all_metrics(labels, probabilities, 0.5)['auc'], abs=1e-3)
