"""The tags and the state of a stack are as before when a write of them fails."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from tierup.deployment.checkpoint import tags_path
from tierup.deployment.kept_file import kept_file, restore_incomplete

BEFORE = '{"version": 1, "tags": {"tierup:switch": "{}"}}'
AFTER = '{"version": 1, "tags": {"tierup:switch": "{}", "owner": "team"}}'


@pytest.fixture
def tags(tmp_path: Path) -> Path:
    path = tags_path(tmp_path, "shop", "dev")
    path.parent.mkdir(parents=True)
    return path


def write_a_part(tags: Path, part: str) -> None:
    """Write as the engine does on a full disk, and fail."""
    with kept_file(tags):
        tags.write_text(part)
        raise RuntimeError("no space")


def files(tags: Path) -> dict[str, str]:
    return {each.name: each.read_text() for each in tags.parent.iterdir()}


def test_a_write_that_succeeds_changes_the_tags(tags: Path) -> None:
    tags.write_text(BEFORE)
    with kept_file(tags):
        tags.write_text(AFTER)
    assert files(tags) == {"dev.pulumi-tags": AFTER}


@pytest.mark.parametrize("part", ["", AFTER[:20]])
def test_tags_are_restored_when_a_part_of_them_was_written(tags: Path, part: str) -> None:
    tags.write_text(BEFORE)
    with pytest.raises(RuntimeError, match="no space"):
        write_a_part(tags, part)
    assert files(tags) == {"dev.pulumi-tags": BEFORE}


def test_an_incomplete_first_tag_is_deleted(tags: Path) -> None:
    with pytest.raises(RuntimeError, match="no space"):
        write_a_part(tags, AFTER[:20])
    assert files(tags) == {}


def test_a_compressed_state_is_restored(tmp_path: Path) -> None:
    state = tmp_path / "dev.json.gz"
    state.write_bytes(gzip.compress(BEFORE.encode()))
    with kept_file(state):
        state.write_bytes(gzip.compress(AFTER.encode())[:-9])
    assert gzip.decompress(state.read_bytes()).decode() == BEFORE
    assert list(tmp_path.iterdir()) == [state]


def test_tags_are_not_changed_when_they_cannot_be_copied(tags: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path) -> None:
        target.write_text(source.read_text()[:20])
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("shutil.copyfile", full)
    tags.write_text(BEFORE)
    with pytest.raises(OSError, match="No space left"), kept_file(tags):
        tags.write_text(AFTER)
    assert files(tags) == {"dev.pulumi-tags": BEFORE}


def test_the_next_command_restores_what_a_killed_one_left(tags: Path) -> None:
    tags.write_text("")
    tags.with_name("dev.pulumi-tags.kept").write_text(BEFORE)
    restore_incomplete(tags)
    assert files(tags) == {"dev.pulumi-tags": BEFORE}


def test_the_next_command_deletes_a_first_tag_that_a_killed_one_left(tags: Path) -> None:
    tags.write_text(AFTER[:20])
    tags.with_name("dev.pulumi-tags.kept").write_text("")
    restore_incomplete(tags)
    assert files(tags) == {}


def test_the_copy_of_a_running_command_is_left_alone(tags: Path) -> None:
    tags.write_text(AFTER)
    tags.with_name("dev.pulumi-tags.kept").write_text(BEFORE)
    restore_incomplete(tags)
    assert files(tags) == {"dev.pulumi-tags": AFTER, "dev.pulumi-tags.kept": BEFORE}
