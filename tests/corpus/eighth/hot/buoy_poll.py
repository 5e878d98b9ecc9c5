"""Collect the readings of the wave buoys through their gateway."""
import socket
import socketserver
import threading
import time


class Gateway(socketserver.StreamRequestHandler):
    def handle(self):
        name = self.rfile.readline().decode().strip()
        time.sleep(0.05)
        height = (sum(map(ord, name)) % 70) / 10
        self.wfile.write(f"{name} {height}\n".encode())


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64


def reading(address, name):
    with socket.create_connection(address, timeout=5) as link:
        link.sendall(name.encode() + b"\n")
        with link.makefile() as answer:
            _, height = answer.readline().split()
    return float(height)


def main():
    server = Server(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    buoys = [f"K{n}-{'NSEW'[n % 4]}" for n in range(26)]
    heights = {b: reading(server.server_address, b) for b in buoys}
    server.shutdown()
    server.server_close()
    rough = [b for b, h in heights.items() if h > 4]
    print(len(heights), "buoys, rough:", len(rough), "max", max(heights.values()))


main()
