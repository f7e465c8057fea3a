"""The real web server with the settings of production on a port of this machine, and its database underneath."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.db import connection

from poolfund import embedded

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 120.0


@dataclass
class Server:
    """A running web server; ``url`` is how browsers reach it."""

    url: str
    port: int
    process: "subprocess.Popen[bytes]"
    log: Path

    def workers(self) -> list[int]:
        """The processes that answer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def kill_a_worker(self) -> None:
        """End one of them without a word."""
        if workers := self.workers():
            os.kill(random.choice(workers), signal.SIGKILL)


@contextmanager
def served(*, tls: bool = False, workers: int = 2) -> Iterator[Server]:
    """The web server as the image runs it; with ``tls`` it speaks to a browser itself, else as behind the proxy."""
    with TemporaryDirectory() as folder:
        port, place = _free_port(), Path(folder)
        environment = _environment(port, place, workers)
        _collect(environment)
        command = [sys.executable, "-m", "gunicorn", "poolfund.wsgi:application", "--config", "deploy/gunicorn.conf.py"]
        command += ["--bind", f"127.0.0.1:{port}"]
        if tls:
            # In the proxy's place: it keeps connections.
            command += ["--keep-alive", "75", "--worker-connections", "1000"]
            command += ["--certfile", str(_certificate(place)), "--keyfile", str(place / "key.pem")]
        log = place / "web.log"
        with log.open("wb") as said:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
            )
        server = Server(f"https://localhost:{port}", port, process, log)
        try:
            _wait(server, tls=tls)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def restart_database(*, crash: bool) -> float:
    """Restart the measurements' database, as after a crash or in order; seconds until it answers again."""
    began = time.monotonic()
    connection.close()
    embedded.LOCAL.restart(crash=crash)
    return time.monotonic() - began


def _environment(port: int, place: Path, workers: int) -> dict[str, str]:
    """What production needs, with the keys of this database."""
    where = quote(str(embedded.LOCAL.socket_folder), safe="")
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "poolfund.settings.production",
        "POOLFUND_PROCESS": "web",
        "SECRET_KEY": settings.SECRET_KEY,
        "SECOND_FACTOR_KEYS": ",".join(settings.SECOND_FACTOR_KEYS),
        "VAULT_KEYS": ",".join(settings.VAULT_KEYS),
        "LOG_PROMISE_KEYS": ",".join(settings.LOG_PROMISE_KEYS),
        "FUND_ID": settings.FUND_ID,
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "SITE_URL": f"https://localhost:{port}",
        "DATABASE_URL": f"postgresql://{embedded.APP}@/{embedded.DATABASE}?host={where}",
        "CELERY_BROKER_URL": f"pgmq://{embedded.QUEUE}@{where}:5432/{embedded.QUEUE_DATABASE}",
        "EMAIL_HOST": "localhost",
        "DEFAULT_FROM_EMAIL": "fund@fund.example",
        "PRIVATE_ROOT": str(settings.PRIVATE_ROOT),
        "STATIC_ROOT": str(place / "static"),
        "WEB_WORKERS": str(workers),
    }


def _collect(environment: dict[str, str]) -> None:
    """Static files as the image has them: hashed names, brotli and gzip beside each."""
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    build = environment | {"DJANGO_SETTINGS_MODULE": "poolfund.settings.build"}
    subprocess.run(command, cwd=ROOT, env=build, check=True, timeout=120)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _wait(server: Server, *, tls: bool) -> None:
    """Until the server answers; raises with its log when it does not."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.process.poll() is None:
        try:
            if tls:
                socket.create_connection(("127.0.0.1", server.port), timeout=2).close()
            else:
                urlopen(f"http://127.0.0.1:{server.port}/readyz", timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"the web server did not start:\n{server.log.read_text()[-2000:]}")


def _certificate(place: Path) -> Path:
    """A certificate of this machine for this hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(hours=2)
    )
    signed = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    certificate = place / "certificate.pem"
    certificate.write_bytes(signed.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (place / "key.pem").write_bytes(pem)
    return certificate
