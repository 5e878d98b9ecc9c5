import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen


class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        branch = int(self.path.rsplit("/", 1)[1])
        time.sleep(0.03)
        body = json.dumps({"branch": branch, "price": 100 + branch * 7 % 13}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def price(base, branch):
    with urlopen(f"{base}/branch/{branch}", timeout=10) as reply:
        return json.load(reply)["price"]


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    prices = {b: price(base, b) for b in range(30)}
    cheapest = min(prices, key=lambda b: (prices[b], b))
    print(len(prices), cheapest, prices[cheapest], sum(prices.values()))
    server.shutdown()
    server.server_close()
