"""JSON that people can read in a diff: one row, point or bin a line instead of one number a line."""

from __future__ import annotations

import json

_WIDTH = 4000
"""A container of scalars longer than this many characters is broken up after all."""


def json_text(document: object) -> str:
    """`document` as JSON: containers that hold only scalars stay on one line, all others are indented by a space.

    Raises ValueError for NaN and infinity, which JSON does not have.
    """
    return _text(document, 0) + '\n'


def _text(node: object, depth: int) -> str:
    flat = json.dumps(node, ensure_ascii=False, allow_nan=False)
    if not isinstance(node, (dict, list)) or (_is_leaf(node) and len(flat) <= _WIDTH) or not node:
        return flat
    pad, end = '\n' + ' ' * (depth + 1), '\n' + ' ' * depth
    if isinstance(node, dict):
        entries = [f'{json.dumps(key, ensure_ascii=False)}: {_text(value, depth + 1)}' for key, value in node.items()]
        return '{' + pad + (',' + pad).join(entries) + end + '}'
    return '[' + pad + (',' + pad).join(_text(value, depth + 1) for value in node) + end + ']'


def _is_leaf(node: dict | list) -> bool:
    children = node.values() if isinstance(node, dict) else node
    return not any(isinstance(child, (dict, list)) for child in children)
