"""Walk through a paginated API to its end."""
import json
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Api(BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0.035)
        at = int(self.path.rsplit("=", 1)[1])
        rows = [(at * 31 + k) % 101 for k in range(5)]
        following = (at * 48271 + 11) % 65537
        if following % 29 == 0:
            following = None
        body = json.dumps({"rows": rows, "next": following}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def walk(base, cursor):
    seen = 0
    while cursor is not None and seen < 26:
        with urllib.request.urlopen(f"{base}/rows?cursor={cursor}") as reply:
            doc = json.load(reply)
        yield from doc["rows"]
        cursor = doc["next"]
        seen += 1


api = ThreadingHTTPServer(("127.0.0.1", 0), Api)
threading.Thread(target=api.serve_forever, daemon=True).start()
rows = list(walk(f"http://127.0.0.1:{api.server_port}", 5))
api.shutdown()
api.server_close()
print(len(rows), sum(rows), rows[-3:])
