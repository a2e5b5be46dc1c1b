"""A version that was written once does not change unnoticed."""

import pytest

from training.version_folder import VersionDiffersError, write_version


def test_writes_once_and_says_when_a_repeat_is_the_same(tmp_path):
    folder = tmp_path / '1.0.0'
    assert write_version(folder, {'a': b'1', 'b': b'2'}) is True
    assert write_version(folder, {'a': b'1', 'b': b'2'}) is False


def test_refuses_other_content_and_changes_nothing(tmp_path):
    write_version(tmp_path, {'a': b'1', 'b': b'2'})
    with pytest.raises(VersionDiffersError, match=r'\(b\)'):
        write_version(tmp_path, {'a': b'1', 'b': b'3', 'c': b'4'})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {'a': b'1', 'b': b'2'}


def test_overwrites_when_told_to_and_leaves_other_files_alone(tmp_path):
    (tmp_path / 'notes.txt').write_bytes(b'mine')
    write_version(tmp_path, {'a': b'1'})
    assert write_version(tmp_path, {'a': b'2'}, overwrite=True) is True
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {'a': b'2', 'notes.txt': b'mine'}
