import time


class Ball:
    def __init__(self):
        self.x, self.y = 3, 5
        self.dx, self.dy = 2, 1
        self.bounces = 0

    def move(self, w, h):
        self.x += self.dx
        self.y += self.dy
        if not 0 < self.x < w:
            self.dx = -self.dx
            self.bounces += 1
        if not 0 < self.y < h:
            self.dy = -self.dy
            self.bounces += 1


def play(frames, fps=50):
    ball = Ball()
    due = time.monotonic()
    for _ in range(frames):
        ball.move(64, 36)
        due += 1 / fps
        wait = due - time.monotonic()
        if wait > 0:
            time.sleep(wait)
    return ball


ball = play(60)
print("ball at", (ball.x, ball.y), "after", ball.bounces, "bounces")
