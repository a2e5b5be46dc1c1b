"""What is asked of UCI's Vertebral Column patients, and how their file is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from training.classifier import Recipe, Subject, Table
from training.classifiers import ABOUT, logistic_regression, random_forest, support_vectors
from training.csv_table import TableError, read_table, required
from training.manifest import Input, sha256

DEGREES = {'type': 'number', 'unit': '°', 'ucum': 'deg'}

INPUTS = (
    Input(name='pelvic_incidence', title='Pelvic incidence', range=(0, 180), example=60.5, **DEGREES),
    Input(name='pelvic_tilt', title='Pelvic tilt', range=(-45, 90), example=17.5, **DEGREES),
    Input(name='lumbar_lordosis_angle', title='Lumbar lordosis angle', range=(0, 180), example=52, **DEGREES),
    Input(name='sacral_slope', title='Sacral slope', range=(0, 150), example=43, **DEGREES),
    Input(
        name='pelvic_radius',
        title='Pelvic radius',
        type='number',
        range=(40, 200),
        example=118,
        description='As the data set states it, without a unit.',
    ),
    Input(
        name='degree_spondylolisthesis',
        title='Grade of spondylolisthesis',
        type='number',
        range=(-50, 450),
        example=26.5,
        description='How far the vertebra has slipped, as the data set states it, without a unit.',
    ),
)

SUBJECT = Subject(
    command='python -m training.vertebral',
    name='vertebral-column',
    title='Vertebral column',
    notice='Trained on a small public data set; not for clinical use',
    description=(
        'Whether an orthopaedic patient has a disk hernia, spondylolisthesis or neither, from six measures of the '
        'shape and orientation of pelvis and lumbar spine.'
    ),
    inputs=INPUTS,
    classes=(
        {'name': 'DH', 'title': 'Disk hernia'},
        {'name': 'NO', 'title': 'Normal'},
        {'name': 'SL', 'title': 'Spondylolisthesis'},
    ),
    intended=(
        'For: showing how a model of a small table is served and audited; teaching; testing clients. Not for: any '
        'decision about a patient. It is not a medical device and was reviewed by no clinician.'
    ),
    data=(
        'UCI Vertebral Column: 310 orthopaedic patients, collected by H. A. F. da Mota during a residency in Lyon, '
        'in three classes: disk hernia 60, spondylolisthesis 150, normal 100.'
    ),
    choice='The one of the lowest log loss was made into a version.',
    license='CC-BY-4.0 (data: Barreto and Neto 2005, doi:10.24432/C5K89B)',
    citation=(
        'Barreto G, Neto A (2005): Vertebral Column. UCI Machine Learning Repository, doi:10.24432/C5K89B, CC BY 4.0 '
        '(https://creativecommons.org/licenses/by/4.0/). The data were used to fit this model and are not part of it.'
    ),
    limitations=(
        'One hospital, 310 patients, no age, no sex, no second reader: how far it carries to others is not known.',
        'The shares of the classes are those of the file (almost half spondylolisthesis), which are no prevalence; '
        'probabilities are calibrated to them alone.',
        'Disk hernia and normal overlap in these measures and are mistaken for each other; the confusion matrix tells '
        'how often.',
        'Pelvic incidence is the sum of tilt and slope: three inputs carry what two say.',
        'One row of the file has a grade of spondylolisthesis far beyond all others; it was kept.',
    ),
)

RECIPES = (
    Recipe('forest', 'Random forest', None, ABOUT['forest'], random_forest()),
    Recipe('svm', 'Support vector machine', None, ABOUT['svm'], support_vectors(INPUTS)),
    Recipe('logistic', 'Logistic regression', '1.0.0', ABOUT['logistic'], logistic_regression(INPUTS)),
)
"""The lowest log loss in cross-validation ships; the others are made with --classifier."""


def read_vertebral(path: Path) -> Table:
    """The complete rows of the file with three classes: six measures and `class` (DH, SL, NO; `Hernia` and the like, as
    the ARFF file has them, are taken too). Raises TableError for another file."""
    names = [entry.name for entry in INPUTS]
    table = required(read_table(path), [*names, 'class'], path)
    complete = table.dropna()
    longer = {'Hernia': 'DH', 'Spondylolisthesis': 'SL', 'Normal': 'NO'}
    classes = complete['class'].astype(str).str.strip().replace(longer)
    if set(classes) != set(SUBJECT.class_names):
        raise TableError(f'{path} needs patients of the classes {", ".join(SUBJECT.class_names)}, and of no other')
    try:
        inputs = complete[names].to_numpy(dtype=np.float64)
    except ValueError as error:
        raise TableError(f'{path} has measures that are no numbers') from error
    labels = np.searchsorted(SUBJECT.class_names, classes.to_numpy(dtype=str))
    return Table(inputs, labels, len(table) - len(complete), sha256(path.read_bytes()))
