# Collect the greeting lines of all services on a box
import socket
import threading
import time


def serve(listener, text, delay):
    conn, _ = listener.accept()
    with conn:
        time.sleep(delay)
        conn.sendall(text.encode() + b"\r\n")
    listener.close()


def start_services(n):
    ports = []
    for i in range(n):
        listener = socket.create_server(("127.0.0.1", 0))
        text = f"220 svc{i:02d} ready v{i % 4}.{i % 3}"
        threading.Thread(target=serve, args=(listener, text, 0.05 + 0.01 * (i % 3)), daemon=True).start()
        ports.append(listener.getsockname()[1])
    return ports


def greeting(port):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as s:
        data = b""
        while not data.endswith(b"\n"):
            data += s.recv(64)
    return data.decode().strip()


versions = {}
for port in start_services(16):
    code, name, _, version = greeting(port).split()
    versions.setdefault(version, []).append(name)
for version, names in sorted(versions.items()):
    print(version, " ".join(sorted(names)))
