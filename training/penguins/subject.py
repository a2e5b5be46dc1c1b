"""What is asked of the Palmer penguins, and how their file is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from training.classifier import Recipe, Subject, Table
from training.classifiers import ABOUT, logistic_regression, random_forest, support_vectors
from training.csv_table import TableError, read_table, required
from training.manifest import Input, sha256

ISLANDS = ('Torgersen', 'Biscoe', 'Dream')
"""Codes 1, 2 and 3."""
SEXES = ('female', 'male')
"""Codes 0 and 1."""
SPECIES_BY_CODE = ('Adelie', 'Gentoo', 'Chinstrap')
"""Codes 1, 2 and 3."""

INPUTS = (
    Input(
        name='island',
        title='Island',
        type='integer',
        example=2,
        values=tuple({'value': code, 'title': title} for code, title in enumerate(ISLANDS, 1)),
        description='Island of the Palmer Archipelago on which the penguin breeds.',
    ),
    Input(name='bill_length_mm', title='Bill length', type='number', unit='mm', range=(20, 80), example=45.5),
    Input(name='bill_depth_mm', title='Bill depth', type='number', unit='mm', range=(8, 30), example=15.5),
    Input(name='flipper_length_mm', title='Flipper length', type='number', unit='mm', range=(130, 280), example=215),
    Input(name='body_mass_g', title='Body mass', type='number', unit='g', range=(1500, 9000), example=4900),
    Input(
        name='sex',
        title='Sex',
        type='integer',
        example=0,
        values=tuple({'value': code, 'title': title.capitalize()} for code, title in enumerate(SEXES)),
    ),
)

SUBJECT = Subject(
    command='python -m training.penguins',
    name='penguins',
    title='Penguin species',
    notice='A demonstration on penguins; trained on a small public data set',
    clinical=False,
    description=(
        'Which of three species a penguin of the Palmer Archipelago is, from its bill, flippers, body mass, sex and '
        'island.'
    ),
    inputs=INPUTS,
    classes=tuple({'name': name, 'title': title} for name, title in
                  (('Adelie', 'Adélie'), ('Chinstrap', 'Chinstrap'), ('Gentoo', 'Gentoo'))),
    intended=(
        'For: showing how versions of one model are published, compared, activated and rolled back, with data that '
        'concern nobody; teaching; testing clients. Not for: any decision, about penguins either.'
    ),
    data=(
        'Adult penguins of three species, measured near Palmer Station, Antarctica, from 2007 to 2009 (Palmer '
        'Station Long Term Ecological Research). Year and serial number of the file are not used.'
    ),
    choice=(
        'All three are versions of this model. They take and answer the same, so that they can be compared and '
        'replaced; the one of the lowest log loss has the highest number.'
    ),
    license='CC0-1.0',
    citation=(
        'Horst AM, Hill AP, Gorman KB (2020): palmerpenguins, Palmer Archipelago (Antarctica) penguin data, '
        'doi:10.5281/zenodo.3960218; Gorman KB, Williams TD, Fraser WR (2014): PLoS ONE 9(3) e90081, '
        'doi:10.1371/journal.pone.0090081.'
    ),
    limitations=(
        'Three species, three islands, three summers. A penguin of another species is called one of the three.',
        'The island says much: Gentoo live on Biscoe, Chinstrap on Dream and nowhere else in these data. On another '
        'island the answer would rest on that.',
        'The species are easy to tell apart by these measurements: high figures are the data\'s, not the '
        'classifier\'s.',
    ),
)  # fmt: skip

RECIPES = (
    Recipe('logistic', 'Logistic regression', '1.0.0', ABOUT['logistic'], logistic_regression(INPUTS)),
    Recipe('forest', 'Random forest', '1.1.0', ABOUT['forest'], random_forest()),
    Recipe('svm', 'Support vector machine', '1.2.0', ABOUT['svm'], support_vectors(INPUTS)),
)
"""The lowest log loss in cross-validation last: a server that starts for the first time activates the highest
version."""


def read_penguins(path: Path) -> Table:
    """The complete rows of a file with codes (species 1 to 3, island 1 to 3, sex 0 or 1) or of palmerpenguins' own,
    with names. Raises TableError for a file that is neither."""
    names = [entry.name for entry in INPUTS]
    table = required(read_table(path), ['species', *names], path)
    complete = table.dropna()
    columns = complete.assign(
        species=_coded(complete['species'], SPECIES_BY_CODE, 1),
        island=_coded(complete['island'], ISLANDS, 1),
        sex=_coded(complete['sex'], SEXES, 0),
    )
    try:
        inputs = columns[names].to_numpy(dtype=np.float64)
    except ValueError as error:
        raise TableError(f'{path} has measurements that are no numbers') from error
    species = np.array(SPECIES_BY_CODE)[columns['species'].to_numpy(dtype=int) - 1]
    if set(species) != set(SUBJECT.class_names):
        raise TableError(f'{path} needs penguins of all three species')
    labels = np.searchsorted(SUBJECT.class_names, species)
    return Table(inputs, labels, len(table) - len(complete), sha256(path.read_bytes()))


def _coded(column: pd.Series, names: tuple[str, ...], first: int) -> pd.Series:
    """A column of names or of codes as codes, which start at `first`."""
    codes = {name.lower(): code for code, name in enumerate(names, first)}
    codes |= {text: code for code in codes.values() for text in (str(code), f'{code}.0')}
    coded = column.astype(str).str.strip().str.lower().map(codes)
    if coded.isna().any():
        raise TableError(f'the column {column.name} holds {coded.isna().sum()} values that are no code and no name')
    return coded
