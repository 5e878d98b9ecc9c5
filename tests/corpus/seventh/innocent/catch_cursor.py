import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen


class Logbook(BaseHTTPRequestHandler):
    def do_GET(self):
        token = int(self.path[1:], 36)
        time.sleep(0.03)
        following = (token * 48271) % 2147483647
        page = {"haul": token % 500, "next": f"{following:x}" if token % 4099 else None}
        body = json.dumps(page).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def hauls(base, cursor, limit):
    while cursor and limit:
        with urlopen(f"{base}/{cursor}") as answer:
            page = json.load(answer)
        yield page["haul"]
        cursor = page["next"]
        limit -= 1


server = ThreadingHTTPServer(("127.0.0.1", 0), Logbook)
threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
total = list(hauls(f"http://127.0.0.1:{server.server_port}", "2b", 30))
server.shutdown()
server.server_close()
print(len(total), sum(total), total[:4])
