"""Where the embedded PostgreSQL lives: next to the project, or where its user can walk to."""

import os
import shutil
from pathlib import Path

from poolfund.embedded import MEMORY, EmbeddedServer, room_in_memory

ROOT = os.geteuid() == 0


def test_it_lives_in_the_folder_of_the_project(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    open_to_all = Path("/var/tmp") if ROOT else tmp_path
    server = EmbeddedServer(root=open_to_all / "not-made-yet" / "local")
    assert server.home == open_to_all / "not-made-yet" / "local" / "pg"


def test_a_folder_that_its_user_cannot_enter_is_passed_over(tmp_path: Path) -> None:
    """Storage for private files makes the folders above it private too: root walks there, the server's user does not."""
    (tmp_path / "local").mkdir(mode=0o700)
    home = EmbeddedServer(root=tmp_path / "local").home
    assert (home.parent == Path("/var/tmp")) is ROOT


def test_data_of_tests_live_in_memory_where_there_is_room(tmp_path: Path) -> None:
    """The folder of the project keeps a link, so that every process finds the same data however full memory is by then."""
    server = EmbeddedServer(root=tmp_path, durable=False)
    server.ensure_running()
    server.leave()
    kept = server.data.resolve()
    assert (kept / "PG_VERSION").exists()
    assert (kept.parent == MEMORY) is (room_in_memory() is not None)
    server._initialise()
    assert (server.data / "PG_VERSION").exists()
    shutil.rmtree(server.home)
    server.ensure_running()  # a new checkout at the same path, with what the old one left in memory
    server.leave()
    for folder in (kept, server.home):
        shutil.rmtree(folder)
