import socket
import threading
import time


def engine(conn):
    state = 5
    with conn, conn.makefile("rwb") as f:
        for line in f:
            state = (state * 31 + int(line)) % 997
            time.sleep(0.025)
            f.write(b"%d\n" % state)
            f.flush()


class Link:
    def __init__(self, sock):
        self.f = sock.makefile("rwb")

    def reply_to(self, move):
        self.f.write(b"%d\n" % move)
        self.f.flush()
        return int(self.f.readline())


ours, theirs = socket.socketpair()
t = threading.Thread(target=engine, args=(theirs,))
t.start()
link = Link(ours)
move, game = 12, []
for ply in range(30):
    answer = link.reply_to(move)
    game.append(answer)
    move = answer * 3 % 64
link.f.close()
ours.close()
t.join()
print(game[:6], sum(game))
