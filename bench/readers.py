"""Readers of web pages, many at once, in a process of their own that knows nothing of the fund."""

import sys
import time
from http.client import HTTPConnection
from threading import Thread

READERS = 8


def read_for(port: int, addresses: list[str], duration: float) -> int:
    """How many pages `READERS` readers are answered with in so many seconds; raises when one is not the page."""
    until, counts, failed = time.monotonic() + duration, [0] * READERS, []

    def read(reader: int) -> None:
        line, place = None, reader
        while time.monotonic() < until:
            line = line or HTTPConnection("127.0.0.1", port, timeout=10)
            line.request("GET", addresses[place % len(addresses)], headers={"Accept-Language": "ar"})
            answer = line.getresponse()
            body = answer.read()
            if answer.status != 200 or b"</html>" not in body:
                failed.append(answer.status)
                return
            if answer.will_close:
                line.close()
                line = None
            counts[reader] += 1
            place += 1

    threads = [Thread(target=read, args=(reader,)) for reader in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(f"pages were not answered: {failed}")
    return sum(counts)


if __name__ == "__main__":
    port, *asked, last = sys.argv[1:]
    print(read_for(int(port), asked, float(last.removeprefix("--"))))
