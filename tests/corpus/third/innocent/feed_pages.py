import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen


class Feed(BaseHTTPRequestHandler):
    def do_GET(self):
        cursor = int(self.path.split("=")[1])
        time.sleep(0.025)
        nxt = (cursor * 48271 + 11) % 65537
        body = json.dumps({"items": [cursor % 7, cursor % 11], "next": nxt}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def collect(base, cursor, pages):
    items = []
    for _ in range(pages):
        with urlopen(f"{base}/feed?cursor={cursor}") as reply:
            page = json.load(reply)
        items += page["items"]
        cursor = page["next"]
    return items, cursor


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    items, cursor = collect(f"http://127.0.0.1:{server.server_port}", 1, 32)
    print(len(items), sum(items), cursor)
    server.shutdown()
    server.server_close()
