import json
import socket
import socketserver
import threading
import time


class Monitor(socketserver.StreamRequestHandler):
    def handle(self):
        ward = int(self.rfile.readline())
        time.sleep(0.05)
        beds = 12 + ward * 5 % 9
        self.wfile.write(json.dumps({"ward": ward, "beds": beds, "free": ward * 7 % beds}).encode())


class Hub(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def status(address, ward):
    with socket.create_connection(address) as link:
        link.sendall(b"%d\n" % ward)
        link.shutdown(socket.SHUT_WR)
        reply = link.makefile("rb").read()
    return json.loads(reply)


def census(address, wards):
    return [status(address, w) for w in wards]


def main():
    with Hub(("127.0.0.1", 0), Monitor) as hub:
        threading.Thread(target=hub.serve_forever, args=(0.02,), daemon=True).start()
        answers = census(hub.server_address, range(24))
        hub.shutdown()
    free = sum(a["free"] for a in answers)
    print("free", free, "of", sum(a["beds"] for a in answers))


if __name__ == "__main__":
    main()
