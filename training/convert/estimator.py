"""A pickled scikit-learn estimator and the columns it takes: opened, asked, and brought into ONNX."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, is_classifier, is_regressor
from sklearn.exceptions import InconsistentVersionWarning

from training.column_inputs import MOST_CODES, input_names, outward
from training.csv_table import TableError, required
from training.golden import golden_count, golden_inputs
from training.manifest import Input
from training.onnx_export import FRAMEWORK, NotConvertibleError, OnnxModel, column_types, matrix_type, onnx_bytes

MOST_TEXTS = 100
"""Of a column; golden rows need no more."""


class NotOpenedError(Exception):
    """The file is no pickle of a scikit-learn classifier or regressor that can be opened here."""


@dataclass(frozen=True)
class Opened:
    """An estimator from a file."""

    estimator: object
    framework: str
    """What answers here, and what saved it where that was another scikit-learn."""

    @property
    def classifier(self) -> bool:
        return is_classifier(self.estimator)

    @property
    def kind(self) -> str:
        """probabilities, decision or value."""
        if not self.classifier:
            return 'value'
        return 'probabilities' if hasattr(self.estimator, 'predict_proba') else 'decision'

    @property
    def classes(self) -> list[str]:
        """Names of the classes in the order of the scores; whole numbers without a point."""
        return [class_name(label) for label in self.estimator.classes_]

    def described(self) -> str:
        """The class of the estimator, or those of a pipeline's steps."""
        steps = [step for _, step in getattr(self.estimator, 'steps', [('', self.estimator)])]
        return ', '.join(type(step).__name__ for step in steps)


def open_pickle(path: Path) -> Opened:
    """Opens a pickle or joblib file, which runs the code that is in it: for its owner only. Raises NotOpenedError."""
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter('always', InconsistentVersionWarning)
            estimator = joblib.load(path)
    except Exception as error:  # whatever the code inside raises
        raise NotOpenedError(f'{path} cannot be opened: {type(error).__name__}: {error}') from error
    if not isinstance(estimator, BaseEstimator) or not (is_classifier(estimator) or is_regressor(estimator)):
        raise NotOpenedError(f'{path} holds no scikit-learn classifier or regressor but {type(estimator).__name__}')
    if not hasattr(estimator, 'n_features_in_'):
        raise NotOpenedError(
            f'{path} holds an estimator that is not fitted, or that does not say how many columns it takes'
        )
    classes = getattr(estimator, 'classes_', None)
    if classes is not None and (isinstance(classes, list) or np.ndim(classes) != 1):
        raise NotOpenedError(f'{path} holds a classifier of several outputs; a version has one')
    saved_by = {warning.message.original_sklearn_version for warning in told
                if isinstance(warning.message, InconsistentVersionWarning)}  # fmt: skip
    return Opened(estimator, FRAMEWORK + ''.join(f', saved by {version}' for version in sorted(saved_by)))


def class_name(label: object) -> str:
    """A label as the manifest names it: what ONNX has in its place, integers without a point."""
    return str(int(label)) if isinstance(label, (float, np.floating)) and float(label).is_integer() else str(label)


@dataclass(frozen=True)
class Columns:
    """The columns that an estimator takes, in its order, with what the sample holds of them."""

    sample: pd.DataFrame
    """Complete rows; numbers as float64 that are exact in float32, texts as they are."""
    texts: tuple[str, ...]
    named: bool
    """Whether the estimator was fitted to columns with names."""

    @property
    def names(self) -> list[str]:
        return list(self.sample.columns)

    def declared(self) -> list[Input]:
        """The manifest's inputs. Ranges and sets of values are not in a sample, and not stated."""
        inputs = []
        for column, name in zip(self.names, input_names(self.names)):
            values = self.sample[column]
            text = column in self.texts
            example = values.mode()[0] if text else float(f'{values.median():.6g}')
            inputs.append(Input(name=name, title=column[:120], type='string' if text else 'number', example=example))
        return inputs

    def golden(self, seed: int) -> pd.DataFrame:
        """Rows spread over what the sample holds, which are none of its own: numbers between its smallest and its
        largest, rounded outwards, texts that occur in it more than once."""
        spread, words = [], {}
        for column in self.names:
            values = self.sample[column]
            if column in self.texts:
                words[column] = repeated_texts(values)
                spread.append(_placed(column, len(words[column])))
                continue
            whole = bool((values == values.round()).all())
            limits = (float(values.min()), float(values.max()))
            if not whole or values.nunique() > MOST_CODES:  # else codes, often: what lies outside may be none
                limits = outward(*limits, whole) if limits[0] < limits[1] else limits
            spread.append(
                Input(name=column, title=column, type='integer' if whole else 'number', example=0, range=limits)
            )
        rows = golden_inputs(spread, golden_count(len(spread)), seed)
        table = pd.DataFrame(rows.astype(np.float32).astype(np.float64), columns=self.names)
        for column, known in words.items():
            table[column] = pd.Series([known[int(place)] for place in table[column]], dtype=object)
        return table

    def asked(self, rows: pd.DataFrame) -> object:
        """The rows as the estimator takes them: with names where it knows some or where some columns are text."""
        return rows if self.named or self.texts else rows.to_numpy()


def repeated_texts(values: pd.Series) -> list[str]:
    """The texts that occur in two rows or more, sorted. Golden rows are published: what stands in one row alone, a name
    or a note, may tell of a person."""
    counts = values.value_counts()
    return sorted(counts.index[counts > 1])[:MOST_TEXTS]


def _placed(column: str, count: int) -> Input:
    """Text as its place among the sample's; golden_inputs spreads places as it spreads numbers."""
    return Input(name=column, title=column, type='integer', example=0, range=(0, count - 1))


def columns_of(opened: Opened, table: pd.DataFrame, path: Path, target: str | None) -> tuple[Columns, pd.Index]:
    """The estimator's columns in the sample, and the rows of it that are complete. Raises TableError."""
    known = getattr(opened.estimator, 'feature_names_in_', None)
    names = [str(name) for name in known] if known is not None else [name for name in table.columns if name != target]
    if known is None and len(names) != opened.estimator.n_features_in_:
        raise TableError(
            f'{path} has {len(names)} columns beside the target, the estimator takes {opened.estimator.n_features_in_} '
            'and knows no names: the sample must hold its columns, in their order'
        )
    rows = required(table, [*names, *([target] if target else [])], path).dropna()
    if len(rows) < 2:
        raise TableError(f'{path} has fewer than two complete rows')
    sample, texts = rows[names].copy(), []
    for name in names:
        if pd.api.types.is_numeric_dtype(sample[name]):
            sample[name] = sample[name].to_numpy(dtype=np.float64).astype(np.float32).astype(np.float64)
        else:
            sample[name] = sample[name].astype(str).astype(object)
            if not repeated_texts(sample[name]):
                raise TableError(
                    f'every text of the column {name} is another: golden rows made of them would show people'
                )
            texts.append(name)
    return Columns(sample, tuple(texts), known is not None), rows.index


def converted(opened: Opened, columns: Columns, name: str) -> tuple[bytes, bool]:
    """The ONNX file, and whether it has one input for each column: where some are text, or where the estimator selects
    columns by their names. Raises NotConvertibleError."""
    single = column_types({column: column in columns.texts for column in columns.names})
    if columns.texts:
        return onnx_bytes(opened.estimator, single, name), True
    try:
        return onnx_bytes(opened.estimator, matrix_type(len(columns.names)), name), False
    except NotConvertibleError:
        if not columns.named:
            raise
        return onnx_bytes(opened.estimator, single, name), True


def input_of_column(model: OnnxModel, columns: Columns) -> dict[str, str]:
    """Column → the name that skl2onnx gave its input, letters, digits and underscores alone; without the columns that
    the estimator does not use."""
    if len(model.inputs) == len(columns.names):
        return dict(zip(columns.names, model.inputs))
    plain = {column: re.sub('[^0-9A-Za-z]', '_', column) for column in columns.names}
    return {column: name for column, name in plain.items() if name in model.inputs}


def onnx_inputs(
    model: OnnxModel, columns: Columns, rows: pd.DataFrame, by_column: bool
) -> np.ndarray | dict[str, np.ndarray]:
    """The rows as the ONNX file takes them."""
    if not by_column:
        return rows.to_numpy(dtype=np.float32)
    return {
        name: rows[[column]].to_numpy(dtype=object if column in columns.texts else np.float32)
        for column, name in input_of_column(model, columns).items()
    }


def own_scores(opened: Opened, columns: Columns, rows: pd.DataFrame, width: int) -> np.ndarray:
    """scikit-learn's answers `[rows, scores]`. A decision function of two classes has one value, that of the second:
    where the file has two, the first is its opposite."""
    asked = columns.asked(rows)
    if opened.kind == 'probabilities':
        return np.asarray(opened.estimator.predict_proba(asked), dtype=np.float64)
    if opened.kind == 'value':
        values = np.asarray(opened.estimator.predict(asked), dtype=np.float64)
        return values.reshape(len(values), -1)
    values = np.asarray(opened.estimator.decision_function(asked), dtype=np.float64)
    if values.ndim == 1:
        values = np.column_stack([-values, values]) if width == 2 else values[:, None]
    return values


def called(scores: np.ndarray, classes: Sequence[str], kind: str) -> np.ndarray:
    """Index of the class that the server answers for `[rows, scores]`."""
    if len(classes) == 2:
        positive = scores[:, -1]
        return (positive >= 0.5 if kind == 'probabilities' else positive > 0).astype(int)
    return scores.argmax(axis=1)


def width_of(model: OnnxModel, columns: Columns, by_column: bool) -> int:
    """Scores a row of the ONNX file."""
    return model.scores(onnx_inputs(model, columns, columns.sample.head(2), by_column)).shape[1]
