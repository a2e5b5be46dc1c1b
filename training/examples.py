"""examples.json: inputs to start from, each as a client sends it, of patients that nobody is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from training.json_text import json_text
from training.manifest import check_against_schema


def example(name: str, title: str, label: str, row: dict) -> dict:
    """One entry: `name` tells it from the others, `label` is the class that the model answers, `row` what a client sends
    as `input`."""
    return {'name': name, 'title': title, 'label': label, 'input': row}


def examples_file(examples: Sequence[dict]) -> dict[str, bytes]:
    """examples.json by its name, checked against its schema; nothing where there are no examples.

    Raises ValueError where two have the same name.
    """
    if not examples:
        return {}
    names = [entry['name'] for entry in examples]
    if len(set(names)) < len(names):
        raise ValueError(f'two examples have the same name: {", ".join(names)}')
    document = {'schemaVersion': 1, 'examples': list(examples)}
    check_against_schema(document, 'examples.schema.json')
    return {'examples.json': json_text(document).encode()}


def kebab(title: str) -> str:
    """A title as a name: `Adélie` becomes `adelie`; empty where it has no letter or digit of ASCII."""
    plain = unicodedata.normalize('NFKD', title).encode('ascii', 'ignore').decode().lower()
    return re.sub('[^a-z0-9]+', '-', plain).strip('-')[:60].strip('-')
