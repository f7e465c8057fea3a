"""The load of the last minutes before a deadline, from a process of its own: what is due is sent, whatever came of the rest.

``python -m bench.rush_load PLAN ANSWERS``: reads the plan as JSON, writes what was acknowledged. Every act has its moment;
its time counts from there to the answer that settles it, with all that had to be sent again (an open model).
"""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PATIENCE = 30.0
"""Seconds after which a browser gives one try up."""
PAUSE = 1.0
AFTERWARDS = 90.0
TELLING = 15.0
TOKEN = "r" * 32
TEXT = "نص عربي طويل عن حاجة الحي إلى الماء. " * 20


class Lost(Exception):
    """The line broke, or the answer was no answer."""


@dataclass
class Line:
    """One browser: a kept connection, a session."""

    plan: dict[str, Any]
    session: str = ""
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, bytes]:
        """Status and body of the answer; raises `Lost`."""
        if self.reader is not None and (self.reader.at_eof() or self.reader.exception()):
            self.drop()  # the other side is gone: a browser sees that before it asks
        try:
            async with asyncio.timeout(PATIENCE):
                if self.writer is None:
                    self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.plan["port"])
                self.writer.write(self._request(method, path, body, kind))
                await self.writer.drain()
                return await self._answer()
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError, IndexError) as error:
            self.drop()
            raise Lost(type(error).__name__) from error

    def _request(self, method: str, path: str, body: bytes, kind: str) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self.plan['port']}", "X-Forwarded-Proto: https"]
        lines += [
            "Accept-Encoding: br",
            "Accept-Language: ar",
            f"Cookie: __Host-session={self.session}; __Host-csrf={TOKEN}",
        ]
        if method == "POST":
            lines += [f"Origin: https://localhost:{self.plan['port']}", f"X-CSRFToken: {TOKEN}"]
            lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    async def _answer(self) -> tuple[int, bytes]:
        assert self.reader is not None
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection") == "close":
            self.drop()
        return int(head[0].split()[1]), body

    def drop(self) -> None:
        """Close the connection; the next question opens another."""
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


@dataclass
class Rush:
    """All acts of the plan, and what was acknowledged."""

    plan: dict[str, Any]
    began: float = 0.0
    times: dict[str, list[float]] = field(default_factory=lambda: {"save": [], "read": [], "submit": []})
    saved: list[list[Any]] = field(default_factory=list)
    submitted: list[str] = field(default_factory=list)
    waiting: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    async def run(self) -> None:
        """Everything at its moment; what is not settled long after the last one never will be."""
        self.began = time.monotonic() + 1.0
        acts = [self.edit(number, one) for number, one in enumerate(self.plan["editors"])]
        acts += [self.read_all(), self.submit_all()]
        telling = asyncio.create_task(self.tell())
        done, open_ = await asyncio.wait(
            [asyncio.create_task(act) for act in acts], timeout=self.plan["seconds"] + AFTERWARDS
        )
        telling.cancel()
        self.wrong += [f"{kind}: not settled {AFTERWARDS:.0f} s after the end" for kind in self.waiting.elements()]
        for task in open_:
            task.cancel()
        for task in done:
            task.result()

    async def tell(self) -> None:
        """A line of how it goes, now and then."""
        while True:
            await asyncio.sleep(TELLING)
            counts = {kind: len(times) for kind, times in self.times.items()}
            at = time.monotonic() - self.began
            print(f"    {at:4.0f} s: {counts}, waiting {dict(self.waiting)}, again {dict(self.again)}", flush=True)

    async def until(self, moment: float) -> float:
        """Wait for a moment of the plan; the clock's time of it."""
        due = self.began + moment
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        return due

    async def settle(self, kind: str, due: float, line: Line, good: set[int], *request: Any) -> bytes | None:
        """Send until it is answered as it should be; None (and a word in ``wrong``) where it never is."""
        self.waiting[kind] += 1
        while True:
            try:
                status, body = await line.ask(*request)
            except Lost as lost:
                status, body = 0, str(lost).encode()
            if status in good:
                self.times[kind].append(time.monotonic() - due)
                self.waiting[kind] -= 1
                return body
            if status and status < 500 and status != 429:
                break
            self.again[str(status or body.decode())] += 1
            await asyncio.sleep(PAUSE * (0.5 + random.random()))
        self.waiting[kind] -= 1
        self.wrong.append(f"{kind} {request[1]}: {status}")
        return None

    async def edit(self, number: int, editor: dict[str, Any]) -> None:
        """One open page: every few seconds the field that changed, over the version that it knows."""
        line, version = Line(self.plan, editor["session"]), editor["version"]
        every, moment, turn = self.plan["every"], self.plan["every"] * random.random(), 0
        while moment < self.plan["seconds"]:
            due = await self.until(moment)
            text = f"{TEXT}#{number}-{turn}#"
            fields = {editor["field"]: [text, version]}
            body = json.dumps({"tab": f"rush-{number}", "since": version, "fields": fields}).encode()
            answer = await self.settle("save", due, line, {200}, "POST", editor["path"], body, "application/json")
            if answer is not None:
                version = json.loads(_plain(answer))["version"]
                self.saved.append([number, turn])
            turn, moment = turn + 1, moment + every
        line.drop()

    async def read_all(self) -> None:
        """Pages at a constant rate, each by whoever has a line free."""
        await self._rate(self.plan["reads"], self._read)

    async def _read(self, number: int, due: float) -> None:
        page = self.plan["pages"][number % len(self.plan["pages"])]
        line = Line(self.plan, page["session"])
        await self.settle("read", due, line, {200}, "GET", page["path"])
        line.drop()

    async def submit_all(self) -> None:
        """Submissions at a constant rate, as long as there are any."""
        await self._rate(self.plan["submissions"], self._submit)

    async def _submit(self, number: int, due: float) -> None:
        if number >= len(self.plan["complete"]):
            return
        one = self.plan["complete"][number]
        line = Line(self.plan, one["session"])
        form = "application/x-www-form-urlencoded"
        if await self.settle("submit", due, line, {302}, "POST", one["path"], b"confirm=on", form) is not None:
            self.submitted.append(one["id"])
        line.drop()

    async def _rate(self, a_second: float, act: Any) -> None:
        acts = []
        for number in range(int(a_second * self.plan["seconds"])):
            due = await self.until(number / a_second)
            acts.append(asyncio.create_task(act(number, due)))
        await asyncio.gather(*acts)


def _plain(body: bytes) -> bytes:
    """A short answer is sent as it is; a longer one compressed."""
    if body.startswith(b"{"):
        return body
    import brotli

    return bytes(brotli.decompress(body))


def main() -> None:
    """Play the plan."""
    plan, answers = Path(sys.argv[1]), Path(sys.argv[2])
    rush = Rush(json.loads(plan.read_text(encoding="utf-8")))
    asyncio.run(rush.run())
    told = {
        "times": rush.times,
        "saved": rush.saved,
        "submitted": rush.submitted,
        "again": rush.again,
        "wrong": rush.wrong,
    }
    answers.write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
