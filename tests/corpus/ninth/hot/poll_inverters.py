import socket
import socketserver
import threading
import time


class Meter(socketserver.StreamRequestHandler):
    def handle(self):
        unit = int(self.rfile.readline())
        time.sleep(0.07)
        self.wfile.write(b"%d %d\n" % (unit, 1000 + unit * unit % 173))


def serve():
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    srv = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Meter)
    srv.daemon_threads = True
    threading.Thread(target=srv.serve_forever, daemon=True).start()
    return srv


def reading(addr, unit):
    with socket.create_connection(addr) as s:
        s.sendall(b"%d\n" % unit)
        return s.makefile().readline().split()


def main():
    srv = serve()
    watts = {}
    for unit in range(14):
        name, w = reading(srv.server_address, unit)
        watts[int(name)] = int(w)
    srv.shutdown()
    srv.server_close()
    print("units", len(watts), "total", sum(watts.values()), "best", max(watts, key=watts.get))


main()
