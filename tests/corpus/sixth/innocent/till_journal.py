import socket
import socketserver
import threading
import time
import zlib


class Journal(socketserver.StreamRequestHandler):
    def handle(self):
        for token in self.rfile:
            time.sleep(0.04)
            nxt = zlib.crc32(b"journal" + token.strip()) % 9_999_991
            self.wfile.write(b"%d %d\n" % (nxt, nxt % 700))


def pages(address, token, most):
    with socket.create_connection(address) as link:
        wire = link.makefile("rwb")
        for _ in range(most):
            wire.write(b"%d\n" % token)
            wire.flush()
            answer = wire.readline()
            token, amount = map(int, answer.split())
            yield amount


def main():
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Journal)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    amounts = list(pages(server.server_address, 41, 25))
    server.shutdown()
    server.server_close()
    print(len(amounts), sum(amounts), amounts[:4])


if __name__ == "__main__":
    main()
