import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen


class RateServer(BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0.03)
        code = self.path.strip("/")
        body = json.dumps({"code": code, "rate": sum(map(ord, code)) / 97}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def fetch_rate(base, code):
    with urlopen(f"{base}/{code}", timeout=10) as answer:
        return json.load(answer)["rate"]


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), RateServer)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    codes = [a + b + "X" for a in "ABCDE" for b in "PQRST"]
    rates = [fetch_rate(base, code) for code in codes]
    server.shutdown()
    print(len(rates), round(sum(rates), 6))


if __name__ == "__main__":
    main()
