"""`mc.load` against servers that behave, fail, stall, close connections and are not there."""

from __future__ import annotations

import html
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path

import pytest

import manycore as mc
from manycore import cli
from manycore._load import Stream

Answer = Callable[[int], int]


class Server:
    """A server that answers each request with the status that `answer` says, and keeps them."""

    def __init__(self, answer: Answer, kind: type[HTTPServer] = ThreadingHTTPServer) -> None:
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1" if kind is ThreadingHTTPServer else "HTTP/1.0"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                requests.append((self.command, self.path, headers, body))
                status = answer(len(requests))
                self.send_response(status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            do_POST = do_GET  # noqa: N815

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        class Quiet(kind):  # type: ignore[misc, valid-type]
            request_queue_size = 1024
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: object, client_address: object) -> None:
                pass  # the client has gone away, as clients do

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/predict"


@contextmanager
def serving(answer: Answer, kind: type[HTTPServer] = ThreadingHTTPServer) -> Iterator[Server]:
    server = Server(answer, kind)
    thread = threading.Thread(target=server.server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.server.shutdown()
        thread.join()
        server.server.server_close()


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve each connection in a way that is not HTTP's."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                serve(connection)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def slowly(seconds: float) -> Answer:
    def answer(_: int) -> int:
        time.sleep(seconds)
        return 200

    return answer


def only(found: mc.Load) -> Stream:
    (stream,) = found.streams
    assert sum(stream.counts.values()) > 0
    return stream


def test_as_many_are_sent_as_asked_for_and_each_is_what_was_given() -> None:
    with serving(lambda _: 200) as server:
        found = mc.load(server.url, '{"x": 1}', headers={"X-Key": "k"}, rate=100, seconds=1)
    stream = only(found)
    assert stream.counts["answered"] == len(server.requests) == 100
    assert stream.errors == 0
    assert stream.seconds == pytest.approx(1, abs=0.5)
    assert stream.p50 is not None
    assert stream.p99 is not None
    assert 0 < stream.p50 <= stream.p99
    method, path, headers, body = server.requests[0]
    assert (method, path, body) == ("POST", "/predict", b'{"x": 1}')
    assert headers["x-key"] == "k"
    assert "100 answered" in str(found)


def test_a_ramp_sends_ever_more() -> None:
    times: list[float] = []

    def note(_: int) -> int:
        times.append(time.perf_counter())
        return 200

    with serving(note) as server:
        stream = only(mc.load(server.url, rate=(0, 200), seconds=1))
    assert stream.counts["answered"] == 100
    half = sum(moment < times[0] + 0.5 for moment in times)
    assert 10 <= half <= 45  # a quarter of them, if nothing disturbs


def test_no_more_are_sent_than_allowed() -> None:
    with serving(lambda _: 200) as server:
        assert only(mc.load(server.url, rate=1000, seconds=5, max_requests=30)).errors == 0
        assert len(server.requests) == 30
        mc.load(server.url, seconds=3, max_requests=100)
        assert len(server.requests) <= 130


def test_latency_counts_from_when_a_request_was_to_leave() -> None:
    # One at a time in 20 ms is 50 a second: of 100 a second the last waits for half a second.
    with serving(slowly(0.02), HTTPServer) as server:
        stream = only(mc.load(server.url, rate=100, seconds=1, timeout=10))
    assert stream.counts["answered"] == 100
    assert stream.p99 is not None
    assert stream.p99 > 0.7
    assert stream.concurrency > 10


@pytest.mark.parametrize(("status", "name"), [(500, "5xx"), (503, "5xx"), (404, "4xx")])
def test_errors_are_counted_and_have_no_latency(status: int, name: str) -> None:
    with serving(lambda _: status) as server:
        stream = only(mc.load(server.url, rate=50, seconds=0.5))
        assert (stream.counts[name], stream.counts["answered"]) == (25, 0)
        assert (stream.p50, stream.mean, stream.throughput) == (None, None, 0)
        found = mc.load(server.url, seconds=2)
    assert found.held is None
    assert f"does not answer: 5 {name}" in str(found)


def test_some_errors_are_the_bottleneck() -> None:
    with serving(lambda number: 500 if number % 4 == 0 else 200) as server:
        stream = only(mc.load(server.url, rate=100, seconds=1))
        assert (stream.counts["5xx"], stream.counts["answered"]) == (25, 75)
        assert stream.p50 is not None
        assert stream.p90 is None  # a quarter is slower than all that were answered
        found = mc.load(server.url, seconds=4)
    assert found.held is None
    assert "errors" in (found.bottleneck or "")
    assert "5xx" in str(found)


def test_a_server_that_stalls() -> None:
    with serving(slowly(2)) as server:
        stream = only(mc.load(server.url, rate=20, seconds=0.5, timeout=0.2))
        assert stream.counts["timed out"] == 10
        begun = time.perf_counter()
        found = mc.load(server.url, seconds=2, timeout=0.2)
        assert time.perf_counter() - begun < 2
    assert "does not answer: 1 timed out" in str(found)


def test_a_server_that_stalls_later() -> None:
    def answer(number: int) -> int:
        time.sleep(1 if number > 50 else 0)
        return 200

    with serving(answer) as server:
        stream = only(mc.load(server.url, rate=100, seconds=1, timeout=0.3))
    assert stream.counts["answered"] == pytest.approx(50, abs=2)
    assert stream.counts["timed out"] == pytest.approx(50, abs=2)
    assert stream.p99 is None


def test_a_server_that_is_not_there() -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    assert only(mc.load(url, rate=50, seconds=0.5)).counts["refused"] == 25
    found = mc.load(url, seconds=2)
    assert "does not answer: 5 refused" in str(found)
    assert (found.held, found.streams) == (None, ())


def test_a_server_that_closes_connections() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(1000)

    with listening(serve) as url:
        stream = only(mc.load(url, rate=50, seconds=0.5))
    assert stream.counts["closed"] == 25


def test_a_server_that_breaks_off() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")

    with listening(serve) as url:
        assert only(mc.load(url, rate=50, seconds=0.5)).counts["closed"] == 25


def test_a_server_that_speaks_something_else() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(b"220 mail ready\r\n")

    with listening(serve) as url:
        assert only(mc.load(url, rate=50, seconds=0.5)).counts["failed"] == 25


def test_the_rate_that_a_server_takes() -> None:
    # One at a time in 10 ms is at most 100 a second.
    with serving(slowly(0.01), HTTPServer) as server:
        found = mc.load(server.url, p99=0.1, seconds=12)
    assert found.goal == "p99 < 100 ms"
    assert found.held is not None
    assert found.failed is not None
    assert 40 < found.held < found.failed < 160
    assert "requests/s at p99 < 100 ms; the bottleneck is" in found.words
    assert found.noise
    text = found.html()
    assert "<svg" in text
    assert html.escape(found.words) in text


def test_a_request_that_is_too_slow_alone() -> None:
    with serving(slowly(0.08)) as server:
        found = mc.load(server.url, p99=0.02, seconds=2)
    assert found.held is None
    assert "alone it takes" in str(found)


def test_another_machine_is_asked_by_its_owner_only(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match=r"192\.0\.2\.1 is not this machine"):
        mc.load("http://192.0.2.1/")
    assert cli.main(["load", "http://192.0.2.1/"]) == 1
    assert "--i-own-this-host" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"url": "127.0.0.1:80"}, "begins with http://"),
        ({"url": "https://127.0.0.1/"}, "only http is spoken"),
        ({"seconds": 0}, "seconds must be above 0"),
        ({"seconds": float("nan")}, "seconds must be above 0"),
        ({"p99": 0}, "the limit must be above 0"),
        ({"p99": -1}, "the limit must be above 0"),
        ({"quantile": 1.5}, "the quantile must be above 0 and below 1, not 1.5"),
        ({"max_requests": 0}, "max_requests must be at least 1, not 0"),
        ({"rate": 0}, "a rate must be above 0"),
        ({"rate": (5, -1)}, "a rate must be above 0"),
        ({"timeout": 0}, "the timeout must be above 0"),
        ({"method": "GE T"}, "no method of HTTP"),
        ({"headers": {"a b": "c"}}, "no name of a header"),
    ],
)
def test_what_can_not_be_asked_says_why(arguments: dict[str, object], says: str) -> None:
    given = {"url": f"http://127.0.0.1:{free_port()}/"} | arguments
    with pytest.raises(ValueError, match=says):
        mc.load(**given)  # type: ignore[arg-type]


def test_what_watch_raises_ends_it() -> None:
    def watch(line: str) -> None:
        raise RuntimeError(line)

    with serving(lambda _: 200) as server:
        begun = time.perf_counter()
        with pytest.raises(RuntimeError, match="answers/s"):
            mc.load(server.url, seconds=20, watch=watch)
        assert time.perf_counter() - begun < 10


def test_the_command_prints_json_and_writes_a_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body, report = tmp_path / "body.json", tmp_path / "load.html"
    body.write_text('{"x": 1}')
    with serving(lambda _: 200) as server:
        arguments = ["load", server.url, "-d", str(body), "-H", "X-Key: k:v", "--rate", "20:40"]
        options = ["--seconds", "1", "--json", "--html", str(report), "--timeout", "900ms"]
        assert cli.main([*arguments, *options]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["streams"][0]["counts"]["answered"] == 30
    headers = server.requests[0][2]
    assert (headers["content-type"], headers["x-key"]) == ("application/json", "k:v")
    assert report.read_text().startswith("<!doctype html>")


def test_ctrl_c_ends_it_with_what_was_measured() -> None:
    with serving(lambda _: 200) as server:
        command = [sys.executable, "-m", "manycore.cli", "load", server.url, "--rate", "50"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        while len(server.requests) < 20:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=10)
    assert process.returncode == 130
    assert int(said.split()[0]) >= 20
    assert "answered" in said
