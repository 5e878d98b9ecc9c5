import socket
import socketserver
import threading
import time


class Meter(socketserver.StreamRequestHandler):
    def handle(self):
        number = int(self.rfile.readline())
        time.sleep(0.015)
        self.wfile.write(f"{number * 7 % 101}\n".encode())


class MeterServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64


class Collector:
    def __init__(self, address):
        self.address = address
        self.values = []

    def read_meter(self, number):
        with socket.create_connection(self.address, timeout=10) as link:
            link.sendall(f"{number}\n".encode())
            return int(link.makefile().readline())

    def collect(self, numbers):
        for number in numbers:
            value = self.read_meter(number)
            self.values.append(value)
        return sum(self.values)


server = MeterServer(("127.0.0.1", 0), Meter)
threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
collector = Collector(server.server_address)
total = collector.collect(range(45))
server.shutdown()
server.server_close()
print(len(collector.values), total)
