"""Deliver messages in a line-based protocol over one connection."""
import socket
import threading
import time


def server(listener):
    conn, _ = listener.accept()
    stage, stored = "hello", 0
    with conn, conn.makefile("rw", newline="\n") as f:
        for line in f:
            time.sleep(0.012)
            verb = line.split()[0]
            allowed = {"hello": "FROM", "FROM": "RCPT", "RCPT": "DATA", "DATA": "FROM"}
            if verb == "QUIT":
                f.write(f"221 {stored} stored\n")
                f.flush()
                return
            if allowed[stage] != verb:
                f.write("503 order\n")
            else:
                stage = verb
                stored += verb == "DATA"
                f.write(f"250 {verb} {stored}\n")
            f.flush()


def command(f, text):
    f.write(text + "\n")
    f.flush()
    return f.readline().strip()


listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=server, args=(listener,), daemon=True).start()
with socket.create_connection(listener.getsockname()) as s, s.makefile("rw", newline="\n") as f:
    replies = []
    for n in range(18):
        for text in (f"FROM lab{n}", f"RCPT ward{n % 4}", f"DATA result-{n}"):
            replies.append(command(f, text))
    last = command(f, "QUIT")
listener.close()
print(len(replies), replies[2], replies[-1], "|", last)
