"""Follow a train from signal box to signal box."""
import socket
import threading
import time


def box(listener):
    while True:
        try:
            link, _ = listener.accept()
        except OSError:
            return
        with link:
            token = int(link.recv(64))
            if token < 0:
                return
            time.sleep(0.03)
            link.sendall(str((token * 75 + 74) % 65537).encode())


def ask(port, token):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as link:
        link.sendall(str(token).encode())
        return int(link.recv(64))


listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]
keeper = threading.Thread(target=box, args=(listener,))
keeper.start()
route = [1830]
while len(route) < 36:
    route.append(ask(port, route[-1]))
with socket.create_connection(("127.0.0.1", port)) as bye:
    bye.sendall(b"-1")
keeper.join()
listener.close()
print(len(route), route[-1], max(route))
