import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen

PORTS = ["Vigo", "Peterhead", "Lorient", "Esbjerg", "Bergen", "Scheveningen", "Ostend"]
FISH = ["cod", "hake", "saithe", "plaice"]


class Market(BaseHTTPRequestHandler):
    def do_GET(self):
        port, fish = self.path.strip("/").split("/")
        time.sleep(0.04)
        body = f"{len(port) * 31 % 17 + len(fish) * 1.25:.2f}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def quotes(base):
    for port in PORTS:
        for fish in FISH:
            with urlopen(f"{base}/{port}/{fish}") as page:
                yield port, fish, float(page.read())


server = ThreadingHTTPServer(("127.0.0.1", 0), Market)
threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
best = {}
for port, fish, price in quotes("http://127.0.0.1:%d" % server.server_port):
    if price > best.get(fish, ("", 0.0))[1]:
        best[fish] = (port, price)
server.shutdown()
server.server_close()
for fish, (port, price) in sorted(best.items()):
    print(f"{fish:8s}{port:14s}{price:6.2f}")
