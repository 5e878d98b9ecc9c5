import json
import socket
import socketserver
import threading
import time


class Controller(socketserver.BaseRequestHandler):
    def handle(self):
        ident = int(self.request.recv(64))
        time.sleep(0.025)
        reply = {"id": ident, "charge": 100 - ident * 13 % 71, "busy": ident % 3 == 0}
        self.request.sendall(json.dumps(reply).encode())


class Hub(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64


def ask(addr, ident):
    with socket.create_connection(addr) as link:
        link.sendall(str(ident).encode())
        link.shutdown(socket.SHUT_WR)
        return json.loads(link.makefile().read())


hub = Hub(("127.0.0.1", 0), Controller)
threading.Thread(target=hub.serve_forever, args=(0.02,), daemon=True).start()

fleet = {}
for ident in range(100, 145):
    fleet[ident] = ask(hub.server_address, ident)

hub.shutdown()
hub.server_close()
low = [i for i, s in fleet.items() if s["charge"] < 45 and not s["busy"]]
print(len(fleet), sum(s["busy"] for s in fleet.values()), low)
