import socket
import socketserver
import threading
from contextlib import closing


class Board(socketserver.StreamRequestHandler):
    def handle(self):
        court = int(self.rfile.readline())
        threading.Event().wait(0.04 + court % 3 * 0.01)
        self.wfile.write(f"{court}:{court * 7 % 31}-{court * 5 % 29}\n".encode())


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64


def ask(address, court):
    with closing(socket.create_connection(address)) as s:
        s.sendall(b"%d\n" % court)
        with s.makefile("rb") as f:
            return f.readline().decode().strip()


def main():
    with Server(("127.0.0.1", 0), Board) as srv:
        threading.Thread(target=srv.serve_forever, args=(0.01,), daemon=True).start()
        scores = []
        for court in range(20):
            scores.append(ask(srv.server_address, court))
        srv.shutdown()
    home = sum(int(s.split(":")[1].split("-")[0]) for s in scores)
    print(len(scores), "courts,", home, "home points, last", scores[-1])


main()
