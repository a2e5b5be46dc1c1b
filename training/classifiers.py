"""The kinds of classifiers that are tried on every small table, each with its scaler where it needs one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC

from training.manifest import Input

TREES = 100
LEAF_ROWS = 2
"""Fewest training rows in a leaf."""
CALIBRATION_FOLDS = 5


def scaler(inputs: Sequence[Input], reference: bool = False) -> ColumnTransformer:
    """Measurements to mean 0 and deviation 1; codes of more than two values to one column of 0 and 1 for each, but for
    the first where it is the `reference`; codes of two values as they are. In that order."""
    measured = [index for index, entry in enumerate(inputs) if entry.values is None]
    coded = [index for index, entry in enumerate(inputs) if entry.values is not None and len(entry.values) > 2]
    kept = [index for index, entry in enumerate(inputs) if entry.values is not None and len(entry.values) == 2]
    codes = [[float(value['value']) for value in inputs[index].values] for index in coded]
    encoder = OneHotEncoder(categories=codes, drop='first' if reference else None, sparse_output=False)
    parts = [
        ('measurements', StandardScaler(), measured),
        ('codes', encoder, coded),
        ('yes or no', 'passthrough', kept),
    ]
    return ColumnTransformer([part for part in parts if part[2]])


def logistic_regression(inputs: Sequence[Input]) -> Callable[[int], Pipeline]:
    """Multinomial where there are more than two classes, with scikit-learn's ridge penalty."""

    def make(seed: int) -> Pipeline:
        # To the very minimum, so that the coefficients do not depend on the way there.
        model = LogisticRegression(solver='newton-cholesky', tol=1e-9)
        return Pipeline([('scaler', scaler(inputs)), ('logistic', model)])

    return make


def random_forest() -> Callable[[int], RandomForestClassifier]:
    """Without a scaler: trees need none, and its rounding to float32 would carry values over their thresholds."""
    return lambda seed: RandomForestClassifier(TREES, min_samples_leaf=LEAF_ROWS, random_state=seed)


def support_vectors(inputs: Sequence[Input]) -> Callable[[int], Pipeline]:
    """A radial kernel; probabilities by Platt's sigmoids, fitted to answers on folds that were left out."""

    def make(seed: int) -> Pipeline:
        folds = StratifiedKFold(CALIBRATION_FOLDS, shuffle=True, random_state=seed)
        machine = CalibratedClassifierCV(SVC(), method='sigmoid', cv=folds, ensemble=False)
        return Pipeline([('scaler', scaler(inputs)), ('machine', machine)])

    return make


SCALED = 'The scaler (mean 0, deviation 1 of the training rows) is part of the file: raw values go in.'
ABOUT = {
    'forest': f'{TREES} trees with at least {LEAF_ROWS} training rows in every leaf, their shares averaged. Nothing is '
    'scaled: trees need it not, and rounding scaled values to float32 would carry some over a threshold.',
    'svm': "Support vectors with a radial kernel (C 1), one class against one; probabilities by Platt's sigmoids, "
    f'fitted on {CALIBRATION_FOLDS} folds. {SCALED}',
    'logistic': f'Logistic regression with a ridge penalty (C 1). {SCALED}',
}
