"""Inputs of a model from the columns of a table: names, types, codes, and ranges that show nobody's value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from math import ceil, floor, log10

import numpy as np
import pandas as pd

from training.csv_table import TableError
from training.manifest import Input

YES = ('yes', 'y', 'true', 't', 'si', 'sí', 's', 'ja', '1', '1.0')
NO = ('no', 'n', 'false', 'f', 'nein', '0', '0.0')
MOST_CODES = 20
"""A column of text with more different values is no set of codes."""
YES_OR_NO = ({'value': 0, 'title': 'No'}, {'value': 1, 'title': 'Yes'})


def input_name(column: str) -> str:
    """A column's name as manifests allow it: letters without accents, digits and underscores, a letter first."""
    plain = unicodedata.normalize('NFKD', column).encode('ascii', 'ignore').decode()
    name = re.sub(r'[^A-Za-z0-9]+', '_', plain).strip('_')[:60]
    return name if re.match('[A-Za-z]', name) else f'x_{name}'.rstrip('_')


def input_names(columns: Iterable[str]) -> list[str]:
    """A name for each column, all different: `a b` and `a-b` become `a_b` and `a_b_2`."""
    names: list[str] = []
    for column in columns:
        name, number = input_name(column), 2
        while name in names:
            name, number = f'{input_name(column)}_{number}', number + 1
        names.append(name)
    return names


def as_yes_or_no(column: pd.Series) -> pd.Series | None:
    """0 and 1 for a column of yes and no, true and false or 0 and 1, in a few languages; None for any other."""
    words = column.astype(str).str.strip().str.lower()
    return words.isin(YES).astype(int) if words.isin([*YES, *NO]).all() else None


def coded_column(column: pd.Series, name: str, category: bool = False) -> tuple[Input, np.ndarray]:
    """The declaration of a complete column, and its values as float64: yes and no as 0 and 1, other text as the codes
    1, 2, … in alphabetical order, the whole numbers of a `category` as codes that they are already.

    Raises TableError for a column that says nothing or is free text.
    """
    title = str(column.name).strip() or name
    if column.nunique() < 2:
        raise TableError(f'the column {title} has the same value in every row: leave it out')
    truth = as_yes_or_no(column)
    if truth is not None:
        declared = Input(name=name, title=title, type='integer', example=int(truth.median()), values=YES_OR_NO)
        return declared, truth.to_numpy(dtype=np.float64)
    if pd.api.types.is_numeric_dtype(column):
        return _category(column, name, title) if category else _measured(column, name, title)
    texts = column.astype(str).str.strip()
    different = sorted(texts.unique())
    if len(different) > MOST_CODES:
        raise TableError(
            f'the column {title} is text with {len(different)} different values, more than {MOST_CODES}: leave it out'
        )
    codes = {text: code for code, text in enumerate(different, 1)}
    values = tuple({'value': code, 'title': text[:120]} for text, code in codes.items())
    coded = texts.map(codes).to_numpy(dtype=np.float64)
    return Input(name=name, title=title, type='integer', example=1, values=values), coded


def _category(column: pd.Series, name: str, title: str) -> tuple[Input, np.ndarray]:
    different = sorted(column.unique())
    if len(different) > MOST_CODES or any(value != round(value) for value in different):
        raise TableError(f'the column {title} is no set of codes: at most {MOST_CODES} different whole numbers')
    values = tuple({'value': int(value), 'title': str(int(value))} for value in different)
    declared = Input(name=name, title=title, type='integer', example=int(different[0]), values=values)
    return declared, column.to_numpy(dtype=np.float64)


def _measured(column: pd.Series, name: str, title: str) -> tuple[Input, np.ndarray]:
    values = column.to_numpy(dtype=np.float64)
    if not np.isfinite(values).all():
        raise TableError(f'the column {title} holds infinite numbers')
    whole = bool((values == np.round(values)).all())
    limits = outward(float(values.min()), float(values.max()), whole)
    middle = round((limits[0] + limits[1]) / 2, 0 if whole else 6)
    example = int(middle) if whole else middle
    return Input(name=name, title=title, type='integer' if whole else 'number', range=limits, example=example), values


def outward(lowest: float, highest: float, whole: bool) -> tuple[float, float]:
    """A range around the values seen, rounded outwards to one digit of its span: the smallest and the largest are those
    of one patient each and do not belong into a manifest."""
    step = 10.0 ** floor(log10(highest - lowest))
    if whole:
        step = max(step, 1.0)
    low, high = (round(side(edge / step + shift) * step, 9) for side, edge, shift in
                 ((floor, lowest, 1e-9), (ceil, highest, -1e-9)))  # fmt: skip
    return (int(low), int(high)) if whole else (low, high)
