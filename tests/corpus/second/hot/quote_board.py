"""Ask a (simulated) broker gateway for each symbol on the board."""
import socket
import socketserver
import threading
import time


class Gateway(socketserver.StreamRequestHandler):
    def handle(self):
        symbol = self.rfile.readline().decode().strip()
        time.sleep(0.04)
        price = sum(map(ord, symbol)) * 1.25
        self.wfile.write(f"{symbol};{price:.2f}\n".encode())


class Broker:
    def __init__(self, address):
        self.address = address

    def _ask(self, symbol):
        with socket.create_connection(self.address) as conn:
            conn.sendall(symbol.encode() + b"\n")
            answer = b""
            while not answer.endswith(b"\n"):
                answer += conn.recv(256)
        return float(answer.decode().split(";")[1])

    def board(self, symbols):
        prices = []
        for s in symbols:
            prices.append((s, self._ask(s)))
        return prices


def main():
    symbols = [a + b for a in "ABCD" for b in ("XX", "YQ", "ZM", "OP", "RT")]
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Gateway) as srv:
        threading.Thread(target=srv.serve_forever, args=(0.05,), daemon=True).start()
        prices = Broker(srv.server_address).board(symbols)
        srv.shutdown()
    print("symbols", len(prices), "dearest", max(prices, key=lambda p: p[1]))
    print("index", round(sum(p for _, p in prices) / len(prices), 3))


main()
