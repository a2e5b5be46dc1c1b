"""`python -m training.logistic FILE.csv --target COLUMN`: a logistic model of a yes or no in any table."""

from __future__ import annotations

import argparse
import re
import shlex
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.exceptions import ConvergenceWarning

from training.classifier import SEED, Recipe, Run, Subject, Table, cross_validated, fitted, make_version, split
from training.classifiers import SCALED
from training.column_inputs import as_yes_or_no, coded_column, input_names
from training.command_line import MODELS, add_options, created_at, deliver, require_server
from training.csv_table import TableError, read_table, required
from training.logistic.fit import (
    NoEstimateError,
    Term,
    logistic_model,
    require_independent,
    require_overlap,
    terms,
    terms_section,
)
from training.manifest import Input, sha256
from training.onnx_export import NotConvertibleError

NOTICE = 'Fitted to one table; not validated for clinical use'
FEWEST = 20
"""Rows of either answer; of fewer, neither a fifth of the training rows nor the held-out ones say anything."""
LONGEST_COMMAND = 200


def labelled_table(
    path: Path,
    target: str,
    positive: str | None = None,
    columns: Sequence[str] = (),
    without: Sequence[str] = (),
    categories: Sequence[str] = (),
) -> tuple[list[Input], Table]:
    """The inputs that the table's columns make, and its complete rows.

    `columns` are the ones to use (none: all but the target and `without`), `categories` those of them that are numbers
    and mean codes; `positive` is the target's value that means yes. Raises TableError.
    """
    table = read_table(path)
    chosen = list(columns) or [name for name in table.columns if name != target and name not in without]
    if not chosen:
        raise TableError(f'{path} has no column beside {target}')
    required(table, list(categories), path)
    complete = required(table, [*chosen, target], path).dropna()
    answers = _answers(complete[target], positive)
    counts = [int((answers == answer).sum()) for answer in (0, 1)]
    if min(counts) < FEWEST:
        raise TableError(
            f'{path} has {counts[1]} complete rows with yes in {target} and {counts[0]} with no: {FEWEST} of each at '
            'least'
        )
    coded = [
        coded_column(complete[column], name, column in categories) for column, name in zip(chosen, input_names(chosen))
    ]
    values = np.column_stack([column for _, column in coded])
    return (
        [declared for declared, _ in coded],
        Table(values, answers.to_numpy(dtype=int), len(table) - len(complete), sha256(path.read_bytes())),
    )


def _answers(target: pd.Series, positive: str | None) -> pd.Series:
    if positive is None:
        answers = as_yes_or_no(target)
        if answers is None:
            raise TableError(f'the column {target.name} is no yes or no: say with --positive which value means yes')
        return answers
    answers = (target.astype(str).str.strip() == positive).astype(int)
    if pd.api.types.is_numeric_dtype(target) and re.fullmatch(r'-?\d+(\.\d+)?', positive):
        answers = (target == float(positive)).astype(int)
    return answers


def fitted_terms(subject: Subject, recipe: Recipe, train: Table, ridge: float, seed: int) -> list[Term]:
    """Coefficients of the training rows. Raises NoEstimateError where they have none."""
    if not ridge:
        require_independent(subject.inputs, train.inputs)
        require_overlap(subject.inputs, train.inputs, train.labels)
    return terms(fitted(recipe, subject, train, seed), subject.inputs, train.inputs, ridge)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog='python -m training.logistic', description=__doc__)
    parser.add_argument('file', type=Path, metavar='FILE.csv', help='a table with a header; , or ; between the columns')
    parser.add_argument('--target', required=True, metavar='COLUMN', help='the column that says yes or no')
    parser.add_argument('--positive', metavar='VALUE', help='the value of the target that means yes')
    parser.add_argument('--column', action='append', default=[], metavar='COLUMN', help='use it; repeat for more')
    parser.add_argument('--without', action='append', default=[], metavar='COLUMN', help='leave it out: an id, a name')
    parser.add_argument(
        '--category', action='append', default=[], metavar='COLUMN', help='its numbers are codes; text is always'
    )
    parser.add_argument(
        '--ridge', type=float, default=0.0, metavar='NUMBER', help='penalty; default 0, maximum likelihood'
    )
    parser.add_argument('--name', help='of the model, in kebab case; default: from the file and the target')
    parser.add_argument('--version', default='1.0.0', metavar='NUMBER', help='default 1.0.0')
    parser.add_argument('--title', help='of the model, for people; default: the target')
    parser.add_argument('--notice', default=NOTICE, help=f'stands in every answer; default: {NOTICE}')
    parser.add_argument('--author', help='stated in the manifest')
    parser.add_argument('--license', help='stated in the manifest')
    parser.add_argument('--source', help='where the table comes from, in a sentence')
    parser.add_argument('--citation', help='how the table is cited')
    add_options(parser, 'models/NAME/VERSION')
    parser.add_argument('--seed', type=int, default=SEED, help=f'default {SEED}')
    return parser


def _subject(asked: argparse.Namespace, inputs: list[Input], table: Table) -> Subject:
    title = (asked.title or asked.target)[:120]
    train_events = int(min(table.labels.sum(), len(table) - table.labels.sum()) * 0.7)
    return Subject(
        command='python -m training.logistic',
        name=asked.name or _kebab(f'{asked.file.stem}-{asked.target}'),
        title=title,
        notice=asked.notice,
        description=f'Whether {title} is yes, by a logistic model of {len(inputs)} inputs.',
        inputs=inputs,
        classes=({'name': 'no', 'title': 'No'}, {'name': 'yes', 'title': 'Yes'}),
        intended=(
            'For: what its makers fitted it for, once they have shown that it holds there. Not for: any decision '
            'about a patient before that.'
        ),
        data=asked.source or 'A table of its makers, of which this card says nothing more.',
        limitations=(
            'Fitted and evaluated on one table: how far it carries to other patients, places and times is not known.',
            'Every input raises or lowers the log odds in a straight line, and none changes the effect of another.',
            f'{train_events} training rows of the rarer answer for {len(inputs)} inputs; below ten for each, '
            'coefficients are unstable.',
            'The ranges are those seen, rounded outwards; what lies outside is refused.',
            'Rows that lacked a value were left out, which biases wherever values are missing for a reason.',
        ),
        license=asked.license,
        citation=asked.citation,
        author=asked.author,
    )


def _kebab(text: str) -> str:
    return re.sub('[^a-z0-9]+', '-', text.lower()).strip('-').lstrip('0123456789-')[:64].rstrip('-') or 'logistic'


def _options(asked: argparse.Namespace) -> str:
    """What changes the model, as it stands on the command line; the manifest has no room for very many columns."""
    parts = ['FILE', '--target', asked.target]
    parts += ['--positive', asked.positive] if asked.positive else []
    parts += [word for name in asked.column for word in ('--column', name)]
    parts += [word for name in asked.without for word in ('--without', name)]
    parts += [word for name in asked.category for word in ('--category', name)]
    parts += ['--ridge', f'{asked.ridge:g}'] if asked.ridge else []
    text = shlex.join(parts)
    return text if len(text) <= LONGEST_COMMAND else f'{shlex.join(parts[:3])[: LONGEST_COMMAND - 30]} …'


def main() -> int:
    """Reads the command line, makes the version, writes and publishes it. Exit code 1: there is no such model of the
    table, the folder holds another version of that number, or the server did not take it."""
    asked = _arguments().parse_args()
    server = require_server(asked)
    try:
        inputs, table = labelled_table(
            asked.file, asked.target, asked.positive, asked.column, asked.without, asked.category
        )
        subject = _subject(asked, inputs, table)
        folder = asked.output or MODELS / subject.name / asked.version
        about = (
            f'A generalised linear model with a binomial answer and the logit as its link. {SCALED} Codes are compared '
            'with the first of them.'
        )
        recipe = Recipe('logistic', 'Logistic model', None, about, logistic_model(inputs, asked.ridge))
        train, _ = split(table, asked.seed)
        run = Run(created_at(asked, folder), asked.seed, _options(asked))
        with warnings.catch_warnings():
            # What does not converge is told by its terms, in words that help.
            warnings.simplefilter('ignore', ConvergenceWarning)
            found = fitted_terms(subject, recipe, train, asked.ridge, asked.seed)
            compared = {recipe.key: (recipe.title, cross_validated(subject, [recipe], train, asked.seed)[recipe.key])}
            files = make_version(
                subject, recipe, asked.version, table, run, compared, sections=terms_section(found, asked.ridge)
            )
    except (TableError, NoEstimateError, NotConvertibleError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if deliver(files, folder, asked.overwrite, server) else 1


if __name__ == '__main__':
    raise SystemExit(main())
