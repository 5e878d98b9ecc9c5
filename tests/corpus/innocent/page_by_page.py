import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen


class Catalogue(BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0.03)
        cursor = int(self.path.strip("/"))
        following = (cursor * 75 + 74) % 65_537
        body = json.dumps({"items": [cursor, following], "next": following}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def download(base, first, pages):
    items = []
    cursor = first
    for _ in range(pages):
        with urlopen(f"{base}/{cursor}", timeout=10) as answer:
            page = json.load(answer)
        items.extend(page["items"])
        cursor = page["next"]
    return items


server = ThreadingHTTPServer(("127.0.0.1", 0), Catalogue)
threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
items = download(f"http://127.0.0.1:{server.server_port}", first=5, pages=25)
server.shutdown()
print(len(items), sum(items))
