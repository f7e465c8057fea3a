"""Print the path of a working uv; fetch it into .local/uv when the machine has none.

Needs nothing but the standard library of Python >= 3.11. Ways, in this order: a uv on the PATH; a virtual environment
with pip; pip without one (Debian's pythons may lack ensurepip); the wheel itself, checked against the index's hash.
"""

import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import urllib.request
import zipfile
from pathlib import Path

HOME = Path(__file__).resolve().parents[1] / ".local" / "uv"


def works(program: str | Path) -> bool:
    """Whether ``program`` is a uv that runs (a pyenv shim may exist and still not run)."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def attempt(*command: str | Path) -> bool:
    """Run a command quietly; whether it succeeded."""
    try:
        return (
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
        )
    except OSError:
        return False


def by_environment() -> Path:
    """A virtual environment with pip."""
    attempt(sys.executable, "-m", "venv", HOME / "venv") and attempt(
        HOME / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet", "uv"
    )
    return HOME / "venv" / "bin" / "uv"


def by_pip() -> Path:
    """The machine's own pip, into a folder of ours."""
    attempt(sys.executable, "-m", "pip", "install", "--quiet", "--target", HOME / "target", "--upgrade", "uv")
    return HOME / "target" / "bin" / "uv"


def suits(filename: str) -> bool:
    """Whether a wheel is made for this machine."""
    machine = platform.machine().lower().replace("amd64", "x86_64")
    if sys.platform == "darwin":
        return "macosx" in filename and (machine in filename or (machine == "arm64" and "arm64" in filename))
    libc = "musllinux" if "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or "") else "manylinux"
    return filename.endswith(".whl") and libc in filename and machine in filename


def by_wheel() -> Path:
    """The wheel from the package index, without pip."""
    index = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("PIP_INDEX_URL") or "https://pypi.org/simple"
    request = urllib.request.Request(
        f"{index.rstrip('/')}/uv/", headers={"Accept": "application/vnd.pypi.simple.v1+json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        files = [file for file in json.load(answer)["files"] if suits(file["filename"]) and not file.get("yanked")]
    if not files:
        sys.exit("the package index has no uv for this machine: install uv by hand (https://docs.astral.sh/uv/)")
    with urllib.request.urlopen(files[-1]["url"], timeout=300) as answer:
        wheel = answer.read()
    if hashlib.sha256(wheel).hexdigest() != files[-1]["hashes"]["sha256"]:
        sys.exit("the uv that was downloaded is not the one that the package index promises")
    target = HOME / "wheel" / "uv"
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        name = next(name for name in archive.namelist() if name.endswith("/scripts/uv"))
        target.write_bytes(archive.read(name))
    target.chmod(0o755)
    return target


def main() -> None:
    """Print the path of the first uv that works."""
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 or newer is needed; {sys.executable} is {platform.python_version()}")
    on_path = shutil.which("uv")
    if on_path and works(on_path):
        print(on_path)
        return
    for place in ("venv/bin/uv", "target/bin/uv", "wheel/uv"):
        if works(HOME / place):
            print(HOME / place)
            return
    print("getting uv ...", file=sys.stderr)
    for way in (by_environment, by_pip, by_wheel):
        found = way()
        if works(found):
            print(found)
            return
    sys.exit("uv could not be had: install it by hand (https://docs.astral.sh/uv/)")


if __name__ == "__main__":
    main()
