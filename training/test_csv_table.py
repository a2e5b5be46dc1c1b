"""Tables come as spreadsheets write them."""

import pytest

from training.csv_table import TableError, read_table, required


def written(tmp_path, content):
    path = tmp_path / 'table.csv'
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    'content',
    [
        b'age,weight\n61,70.5\n',
        b'\xef\xbb\xbfage,weight\r\n61,70.5\r\n',
        b'age;weight\n61;70,5\n',
        b'age;weight\n61;70.5\n',
        b'"age", "weight"\n"61", "70.5"\n',
    ],
)
def test_separators_decimal_commas_and_byte_order_marks_are_seen(tmp_path, content):
    assert read_table(written(tmp_path, content)).to_dict('list') == {'age': [61], 'weight': [70.5]}


def test_latin_1_is_read_where_utf_8_is_not(tmp_path):
    assert list(read_table(written(tmp_path, 'presión,sí\n1,2\n'.encode('latin-1')))) == ['presión', 'sí']


def test_cells_that_say_they_are_missing_are(tmp_path):
    table = read_table(written(tmp_path, b'a,b\n1,NA\n,2\nnone,3\n'))
    assert table.isna().sum().to_dict() == {'a': 1, 'b': 1}


@pytest.mark.parametrize('content', [b'', b'a,b\n', b'a,a\n1,2\n', b'a,b\n1,2,3\n1,2,3,4\n"'])
def test_what_is_no_table_is_refused(tmp_path, content):
    with pytest.raises(TableError):
        read_table(written(tmp_path, content))


def test_a_file_that_is_not_there_and_a_column_that_is_not_there_are_told(tmp_path):
    with pytest.raises(TableError, match='cannot be read'):
        read_table(tmp_path / 'nothing.csv')
    path = written(tmp_path, b'a,b\n1,2\n')
    with pytest.raises(TableError, match='no column c; it has a, b'):
        required(read_table(path), ['a', 'c'], path)
