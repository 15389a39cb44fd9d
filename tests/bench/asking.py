"""Those who ask: `python -m tests.bench.asking PLAN` sends people through their journeys and says how it went.

A journey is a list of requests of one person. `{seen}` in a form stands for the mark that the last answer gave.
"""

from __future__ import annotations

import http.client
import json
import queue
import re
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

EDGE = "edge-of-a-part"
_SEEN = re.compile(r'name="seen" value="([^"]*)"')


class Person:
    """Somebody with a connection and a cookie."""

    def __init__(self, port: int, cookie: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = {"Cookie": cookie, "Accept-Language": "en"}
        self._seen = ""
        self.requests = 0

    def ask(self, request: dict[str, Any]) -> str | None:
        """Send a request and follow where it leads; returns what went wrong."""
        method, path = request["method"], request["path"]
        body, kind = self._body(request)
        status, text, onward = self._send(method, path, body, kind)
        if request.get("follow") and onward:
            status, text, _ = self._send("GET", onward, None, "")
        if status not in request["wanted"]:
            return f"{method} {path}: {status} {text[:200]}"
        if request.get("holds") and request["holds"] not in text:
            return f"{method} {path}: {request['holds']} is not there"
        if text.startswith("{"):
            self._seen = json.loads(text).get("seen", self._seen)
        elif found := _SEEN.search(text):
            self._seen = found[1]
        return None

    def _send(self, method: str, path: str, body: bytes | None, kind: str) -> tuple[int, str, str]:
        headers = {**self._headers, **({"Content-Type": kind} if kind else {})}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        self.requests += 1
        return answer.status, text, answer.headers.get("Location", "")

    def _body(self, request: dict[str, Any]) -> tuple[bytes | None, str]:
        form = request.get("form")
        if form is None:
            return None, ""
        pairs = [(name, self._seen if value == "{seen}" else value) for name, value in form]
        file = request.get("file")
        if file is None:
            return urlencode(pairs).encode(), "application/x-www-form-urlencoded"
        parts = [
            f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in pairs
        ]
        head = (
            f'--{EDGE}\r\nContent-Disposition: form-data; name="{file["field"]}"; filename="{file["name"]}"'
        )
        parts.append(f"{head}\r\nContent-Type: application/pdf\r\n\r\n{file['content']}\r\n--{EDGE}--\r\n")
        return "".join(parts).encode(), f"multipart/form-data; boundary={EDGE}"

    def close(self) -> None:
        """Leave."""
        self._connection.close()


def main(plan: dict[str, Any]) -> dict[str, Any]:
    """Send everybody through their journey, and say what came of it."""
    waiting: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    for journey in plan["journeys"]:
        waiting.put(journey)
    faults: list[str] = []
    counts: list[int] = []

    def run() -> None:
        while True:
            try:
                journey = waiting.get_nowait()
            except queue.Empty:
                return
            someone = Person(plan["port"], journey["cookie"])
            for request in journey["requests"]:
                fault = someone.ask(request)
                if fault:
                    faults.append(fault)
                    break
            else:
                counts.append(someone.requests)
            someone.close()

    begun = time.perf_counter()
    threads = [threading.Thread(target=run) for _ in range(plan["at_once"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    return {
        "journeys": len(counts),
        "requests": sum(counts),
        "seconds": seconds,
        "cpu": time.process_time(),
        "faults": faults[:20],
    }


if __name__ == "__main__":
    print(json.dumps(main(json.loads(Path(sys.argv[1]).read_text()))))
