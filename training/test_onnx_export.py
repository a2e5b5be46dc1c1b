"""What is converted answers as scikit-learn does, and what would not is refused."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import make_classification, make_regression
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from training.onnx_export import (
    Agreement,
    NotConvertibleError,
    OnnxModel,
    agreement,
    as_float32,
    matrix_type,
    onnx_bytes,
)

X, Y = make_classification(300, 5, n_informative=4, n_redundant=0, n_classes=3, random_state=3)
X = as_float32(X)


def converted(estimator):
    return OnnxModel(onnx_bytes(estimator, matrix_type(5), 'a-model'))


def test_probabilities_are_a_plain_tensor_in_the_order_of_the_classes():
    estimator = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y)
    model = converted(estimator)
    assert model.output == 'probabilities'
    assert agreement(estimator.predict_proba(X), model.scores(X)).require().rows == 300


def test_scores_of_a_decision_function_are_not_made_into_probabilities():
    estimator = LinearSVC().fit(X, Y)
    assert agreement(estimator.decision_function(X), converted(estimator).scores(X)).differing == 0


def test_the_scores_of_two_classes_are_declared_as_what_they_are():
    estimator = LinearSVC().fit(X, Y == 1)
    model = converted(estimator)
    values = estimator.decision_function(X)
    assert model.shape == [None, 2]
    assert agreement(np.column_stack([-values, values]), model.scores(X)).differing == 0


def test_a_regression_has_one_number_a_row():
    inputs, values = make_regression(200, 5, random_state=3)
    inputs = as_float32(inputs)
    estimator = LinearRegression().fit(inputs, values)
    assert agreement(estimator.predict(inputs)[:, None], converted(estimator).scores(inputs)).differing == 0


CONVERSION = """
import hashlib
from training.test_onnx_export import *
estimator = make_pipeline(StandardScaler(), RandomForestClassifier(3, random_state=1)).fit(X, Y)
print(hashlib.sha256(onnx_bytes(estimator, matrix_type(5), 'a')).hexdigest())
"""


def test_the_same_estimator_gives_the_same_bytes_in_whatever_order_python_walks_its_sets():
    seeds = ('1', '2', '3')
    runs = [
        subprocess.run([sys.executable, '-c', CONVERSION], env=os.environ | {'PYTHONHASHSEED': seed}, text=True,
                       capture_output=True, check=True, cwd=Path(__file__).parents[1])
        for seed in seeds
    ]  # fmt: skip
    assert len({run.stdout for run in runs}) == 1


def test_trees_behind_a_scaler_are_refused_and_without_one_agree():
    rows = np.round(X, 1).astype(np.float32).astype(np.float64)
    alone = RandomForestClassifier(50, random_state=1).fit(rows, Y)
    assert agreement(alone.predict_proba(rows), converted(alone).scores(rows)).differing == 0
    scaled = make_pipeline(StandardScaler(), RandomForestClassifier(50, random_state=1)).fit(rows, Y)
    with pytest.raises(NotConvertibleError, match='rows, by up to .* Behind a scaler'):
        agreement(scaled.predict_proba(rows), converted(scaled).scores(rows)).require()


def test_an_answer_that_is_no_number_does_not_agree():
    assert agreement(np.array([[1.0]]), np.array([[np.nan]])).differing == 1


def test_answers_of_another_shape_are_refused():
    with pytest.raises(NotConvertibleError, match='2 numbers a row'):
        agreement(np.zeros((3, 1)), np.zeros((3, 2)))


def test_an_estimator_that_skl2onnx_does_not_know_is_refused_with_its_reason():
    class Mine(LogisticRegression):
        pass

    with pytest.raises(NotConvertibleError, match='cannot convert'):
        onnx_bytes(Mine().fit(X, Y), matrix_type(5), 'a')


def test_agreements_add_up():
    assert Agreement(2, 1, 0.5) + Agreement(3, 0, 0.1) == Agreement(5, 1, 0.5)
