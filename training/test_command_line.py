"""A run repeats what is in the folder, and says by its result whether that and the publishing went well."""

import argparse
from datetime import UTC, datetime, timedelta

import pytest
import yaml

from training.command_line import add_options, created_at, deliver, iso, moment, require_server
from training.publish import PublishError, Server

TIME = datetime(2026, 1, 31, 12, tzinfo=UTC)
FILES = {
    'manifest.yaml': yaml.safe_dump(
        {'name': 'a-model', 'version': '1.0.0', 'provenance': {'createdAt': '2026-01-31T12:00:00Z'}}
    ).encode()
}
SERVER = Server('http://127.0.0.1:1', 'abc')


def asked(*arguments):
    parser = argparse.ArgumentParser()
    add_options(parser, 'models/a-model/VERSION')
    return parser.parse_args(arguments)


def test_a_time_reads_back_as_it_is_stated():
    assert moment(iso(TIME)) == TIME


def test_the_time_is_the_one_asked_for_else_that_of_the_folder_else_now(tmp_path):
    assert datetime.now(UTC) - created_at(asked(), tmp_path) < timedelta(minutes=1)
    deliver(FILES, tmp_path, False, None)
    assert created_at(asked(), tmp_path) == TIME
    assert created_at(asked('--created-at', '2026-02-01T00:00:00Z'), tmp_path).day == 1
    assert created_at(asked('--overwrite'), tmp_path) > TIME


def test_another_version_of_the_same_number_is_not_written_and_not_published(tmp_path, capsys, monkeypatch):
    deliver(FILES, tmp_path, False, None)
    monkeypatch.setattr('training.command_line.publish', lambda *_: pytest.fail('it was published'))
    assert not deliver({'manifest.yaml': FILES['manifest.yaml'] + b'\n'}, tmp_path, False, SERVER)
    assert 'with other content' in capsys.readouterr().err


def test_a_version_that_the_server_does_not_take_is_written_and_a_failure(tmp_path, capsys, monkeypatch):
    def refuse(files, server):
        raise PublishError('409: another one')

    monkeypatch.setattr('training.command_line.publish', refuse)
    assert not deliver(FILES, tmp_path, False, SERVER)
    assert (tmp_path / 'manifest.yaml').exists()
    assert capsys.readouterr().err == '409: another one\n'


def test_a_version_is_published_from_what_was_made(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr('training.command_line.publish', lambda files, server: f'{files is FILES} {server.url}')
    assert deliver(FILES, tmp_path, False, SERVER)
    assert capsys.readouterr().out.endswith('True http://127.0.0.1:1\n')


def test_a_missing_token_is_told_before_anything_is_trained(monkeypatch):
    monkeypatch.delenv('LATIDO_TOKEN', raising=False)
    assert require_server(asked()) is None
    with pytest.raises(SystemExit, match='LATIDO_TOKEN'):
        require_server(asked('--publish'))
