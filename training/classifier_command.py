"""The command line of a subject: trains its recipes and writes and publishes a version of each."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from training.classifier import SEED, Recipe, Run, Subject, Table, cross_validated, make_version, split
from training.command_line import MODELS, add_options, created_at, deliver, require_server
from training.csv_table import TableError
from training.onnx_export import NotConvertibleError


def run_subject(
    subject: Subject, recipes: Sequence[Recipe], read: Callable[[Path], Table], default_data: str, where: str
) -> int:
    """Reads the command line and makes every recipe that has a version, or the one asked for.

    Exit code 1: the data cannot be read, a folder holds another version of that number, or the server did not take one.
    `where` says where the data can be had.
    """
    parser = argparse.ArgumentParser(prog=subject.command)
    parser.add_argument(
        '--data', type=Path, default=Path(default_data), metavar='FILE', help=f'default: {default_data} here; {where}'
    )
    add_options(parser, f'models/{subject.name}; every version is a folder in it')
    parser.add_argument('--seed', type=int, default=SEED, help=f'default {SEED}')
    parser.add_argument('--classifier', choices=[recipe.key for recipe in recipes], help='only this one')
    parser.add_argument('--version', metavar='NUMBER', help='number of the version; needs --classifier')
    asked = parser.parse_args()
    if asked.version and not asked.classifier:
        parser.error('--version needs --classifier: it is the number of one version')
    chosen = [recipe for recipe in recipes if recipe.key == asked.classifier or not asked.classifier and recipe.version]
    if asked.classifier and not (asked.version or chosen[0].version):
        parser.error(f'--classifier {asked.classifier} needs --version: it ships under none')

    server = require_server(asked)
    try:
        table = read(asked.data)
    except TableError as error:
        print(f'{error} ({where})', file=sys.stderr)
        return 1
    train, _ = split(table, asked.seed)
    metrics = cross_validated(subject, recipes, train, asked.seed)
    compared = {recipe.key: (recipe.title, metrics[recipe.key]) for recipe in recipes}
    options = '--data FILE'
    if asked.version:
        options += f' --classifier {asked.classifier} --version {asked.version}'
    delivered = []
    for recipe in chosen:
        version = asked.version or recipe.version
        folder = (asked.output or MODELS / subject.name) / version
        run = Run(created_at(asked, folder), asked.seed, options)
        try:
            files = make_version(subject, recipe, version, table, run, compared)
        except NotConvertibleError as error:
            print(f'{subject.name} {version}: {error}', file=sys.stderr)
            return 1
        delivered.append(deliver(files, folder, asked.overwrite, server))
    return 0 if all(delivered) else 1
