"""Where the embedded PostgreSQL lives: next to the project, or where its user can walk to."""

import os
from pathlib import Path

from poolfund.embedded import EmbeddedServer

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
