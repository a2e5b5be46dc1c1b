"""A logistic model with its odds ratios: maximum likelihood, and intervals from the information matrix (Wald)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from training.classifiers import scaler
from training.manifest import Input
from training.markdown import table

Z_95 = 1.959964
MOST_INFLATION = 1000.0
"""Variance inflation from which on a column is (almost) a sum of others: 1000 is a correlation of 0.9995 with them."""


class NoEstimateError(Exception):
    """The table has no maximum of the likelihood, or no single one. The message names no value."""


@dataclass(frozen=True)
class Term:
    """One coefficient, in the input's own unit."""

    title: str
    coefficient: float
    error: float | None
    """Standard error; None where a penalty makes it meaningless."""
    per: str
    """What the odds ratio is of: `1 mm`, `Yes against No`."""


def logistic_model(inputs: Sequence[Input], ridge: float) -> Callable[[int], Pipeline]:
    """Seed → the pipeline, not fitted: measurements scaled, codes against their first value, and as penalty `ridge`
    times half the sum of squares; 0 is maximum likelihood."""

    def make(seed: int) -> Pipeline:
        model = LogisticRegression(
            C=1 / ridge if ridge else np.inf, solver='newton-cholesky', tol=1e-8, max_iter=200, random_state=seed
        )
        return Pipeline([('scaler', scaler(inputs, reference=True)), ('logistic', model)])

    return make


def require_independent(inputs: Sequence[Input], rows: np.ndarray) -> None:
    """Raises NoEstimateError, naming the columns, when some of `rows [rows, columns]` are (almost) sums of others."""
    design = scaler(inputs, reference=True).fit(rows)
    columns = design.transform(rows)
    deviations = columns.std(axis=0)
    labels, _ = _own_units(design, inputs)
    correlation = np.corrcoef(columns / np.where(deviations > 0, deviations, 1), rowvar=False).reshape(
        len(deviations), -1
    )
    # A code that no training row has does not vary: its correlation is none.
    inflation = np.diag(np.linalg.pinv(np.nan_to_num(correlation), rcond=1e-10, hermitian=True))
    smallest = np.linalg.eigvalsh(np.nan_to_num(correlation) + np.diag((deviations == 0).astype(float)))[0]
    tied = {title for (title, _), each in zip(labels[1:], inflation) if each > MOST_INFLATION}
    if tied or smallest < 1e-9:
        named = f' ({", ".join(sorted(tied))})' if tied else ''
        raise NoEstimateError(
            f'columns depend on each other{named}, so that no coefficient is one of its own. Leave one out, or fit '
            'with a penalty (--ridge 1)'
        )


def require_overlap(inputs: Sequence[Input], rows: np.ndarray, labels: np.ndarray) -> None:
    """Raises NoEstimateError when some weighting of the columns puts every yes on one side and every no on the other,
    be it with ties: then the likelihood has no maximum (Albert and Anderson 1984). Found by linear programming."""
    columns = scaler(inputs, reference=True).fit_transform(rows)
    signed = np.column_stack([np.ones(len(rows)), columns]) * np.where(labels == 1, 1.0, -1.0)[:, None]
    limits = np.vstack([signed, -signed])
    edges = np.r_[np.ones(len(rows)), np.zeros(len(rows))]
    found = linprog(-signed.sum(axis=0), A_ub=limits, b_ub=edges, bounds=(-1e6, 1e6), method='highs')
    if found.status == 0 and -found.fun > 1e-6:
        raise NoEstimateError(
            'yes and no are separated by these columns: the odds ratios are infinite. Leave columns out, or fit with a '
            'penalty (--ridge 1)'
        )


def terms(estimator: Pipeline, inputs: Sequence[Input], rows: np.ndarray, ridge: float) -> list[Term]:
    """The intercept and one term for each measurement, code and yes-or-no, in own units, from the fitted pipeline and
    the rows `[rows, columns]` it was fitted to."""
    model = estimator.named_steps['logistic']
    design = np.column_stack([np.ones(len(rows)), estimator.named_steps['scaler'].transform(rows)])
    scaled = np.r_[model.intercept_, model.coef_[0]]
    probability = model.predict_proba(design[:, 1:])[:, 1]
    information = design.T @ (design * (probability * (1 - probability))[:, None])
    labels, back = _own_units(estimator.named_steps['scaler'], inputs)
    own = back @ scaled
    errors = [None] * len(own) if ridge else np.sqrt(np.diag(back @ np.linalg.inv(information) @ back.T))
    return [
        Term(title, float(value), None if error is None else float(error), per)
        for (title, per), value, error in zip(labels, own, errors)
    ]


def _own_units(design: ColumnTransformer, inputs: Sequence[Input]) -> tuple[list[tuple[str, str]], np.ndarray]:
    """What each coefficient is of, and the matrix that takes scaled coefficients, intercept first, to own units."""
    labels, shifts, scales = [('Intercept', '–')], [0.0], [1.0]
    for name, part, columns in design.transformers_:
        for place, index in enumerate(columns):
            entry = inputs[index]
            if name == 'measurements':
                labels.append((entry.title, f'1 {entry.unit}' if entry.unit else '1 more'))
                shifts.append(float(part.mean_[place]))
                scales.append(float(part.scale_[place]))
                continue
            first, *others = entry.values
            for other in others:
                labels.append((entry.title, f'{other["title"]} against {first["title"]}'))
                shifts.append(0.0)
                scales.append(1.0)
    back = np.diag(1 / np.array(scales))
    back[0, 1:] = -np.array(shifts[1:]) / np.array(scales[1:])
    return labels, back


def terms_section(found: Sequence[Term], ridge: float) -> list[str]:
    """The card's section on coefficients and odds ratios."""
    said = (
        f'Fitted with a ridge penalty of {ridge:g}: coefficients are shrunk towards 0, and a confidence interval would '
        'not mean what it says.'
        if ridge
        else 'In brackets: 95 % confidence intervals (Wald), from the training rows. An interval that holds 1 leaves '
        'open whether the input matters at all; an odds ratio is no cause.'
    )
    return [
        '### Coefficients and odds ratios',
        'The log odds of yes are the intercept plus the sum of coefficient times value.',
        table(
            ['Term', 'Of', 'Coefficient', 'Odds ratio'],
            [[term.title, term.per, _coefficient(term), _odds_ratio(term)] for term in found],
        ),
        said,
    ]


def _coefficient(term: Term) -> str:
    return f'{term.coefficient:.4g}' + _interval(term, lambda value: value)


def _odds_ratio(term: Term) -> str:
    return '–' if term.title == 'Intercept' else f'{np.exp(term.coefficient):.4g}' + _interval(term, np.exp)


def _interval(term: Term, scale: Callable[[float], float]) -> str:
    if term.error is None:
        return ''
    low, high = (scale(term.coefficient + sign * Z_95 * term.error) for sign in (-1, 1))
    return f' ({low:.4g} to {high:.4g})'
