import http.server
import json
import threading
import time
import urllib.request


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        token = int(self.path.rsplit("/", 1)[-1])
        time.sleep(0.06)
        answer = {"lots": [token % 17, token % 5], "next": (token * 7919 + 13) % 10007}
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


def read_page(port, token):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/page/{token}") as r:
        return json.load(r)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
threading.Thread(target=server.serve_forever, daemon=True).start()
lots = []
token = 1
for _ in range(15):
    page = read_page(server.server_port, token)
    lots += page["lots"]
    token = page["next"]
server.shutdown()
server.server_close()
print("lots", len(lots), "sum", sum(lots), "stopped at", token)
