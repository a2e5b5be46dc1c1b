"""Tables as people have them: CSV with `,` or `;`, a decimal comma, a byte order mark, in UTF-8 or Latin-1."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd

MISSING = ('', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', '?')


class TableError(Exception):
    """The file is no table that can be read. The message names columns and counts, never values."""


def read_table(path: Path) -> pd.DataFrame:
    """The table with its header; cells that are empty or say so (`NA`) are missing. Raises TableError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TableError(f'{path} cannot be read: {error.strerror}') from error
    try:
        text = content.decode('utf-8-sig')
    except UnicodeDecodeError:
        text = content.decode('latin-1')
    header, *rest = text.splitlines() or ['']
    separator = ';' if header.count(';') > header.count(',') else ','
    names = next(csv.reader([header], delimiter=separator), [])
    if not rest or not names or len(set(names)) < len(names):
        raise TableError(f'{path} needs a header with different names, and rows below it')
    comma = separator == ';' and bool(re.search(r'(^|;)"?-?\d+,\d', '\n'.join(rest), re.MULTILINE))
    try:
        return pd.read_csv(
            io.StringIO(text),
            sep=separator,
            decimal=',' if comma else '.',
            na_values=list(MISSING),
            keep_default_na=False,
            index_col=False,
            skipinitialspace=True,
        )
    except (ValueError, pd.errors.ParserError) as error:
        raise TableError(f'{path} is no table: {type(error).__name__}') from error


def required(table: pd.DataFrame, columns: list[str], path: Path) -> pd.DataFrame:
    """The named columns. Raises TableError for those that are not there."""
    absent = [name for name in columns if name not in table.columns]
    if absent:
        raise TableError(f'{path} has no column {", ".join(absent)}; it has {", ".join(map(str, table.columns))}')
    return table[columns]
