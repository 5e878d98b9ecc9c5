import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote
from urllib.request import urlopen

TOWNS = ["Ulm", "Jena", "Gera", "Hof", "Bonn", "Kiel", "Trier", "Halle", "Essen", "Fulda",
         "Celle", "Aalen", "Marl", "Worms", "Unna", "Soest"]


class Stub(BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0.045)
        town = unquote(self.path.rsplit("/", 1)[-1])
        body = json.dumps({"town": town, "lat": 47 + len(town), "lon": 6 + ord(town[0]) % 9}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def lookup(base, town):
    with urlopen(f"{base}/geo/{quote(town)}") as reply:
        found = json.load(reply)
    return found["lat"], found["lon"]


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    base = "http://127.0.0.1:%d" % server.server_address[1]
    where = {town: lookup(base, town) for town in TOWNS}
    server.shutdown()
    north = max(where, key=lambda t: where[t])
    print(len(where), "towns, northernmost", north, where[north])


if __name__ == "__main__":
    main()
