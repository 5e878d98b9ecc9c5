import time


class Servo:
    def __init__(self, target):
        self.target = target
        self.angle = 0.0
        self.speed = 0.0

    def tick(self, dt):
        force = 14.0 * (self.target - self.angle) - 5.0 * self.speed
        self.speed += force * dt
        self.angle += self.speed * dt
        return abs(self.target - self.angle)


def control(servo, hz, seconds):
    period = 1.0 / hz
    start = time.monotonic()
    errors = []
    for n in range(int(hz * seconds)):
        errors.append(servo.tick(period))
        pause = start + (n + 1) * period - time.monotonic()
        if pause > 0:
            time.sleep(pause)
    return errors


errs = control(Servo(30.0), 120, 1.1)
settled = next((i for i, e in enumerate(errs) if e < 0.5), None)
print(len(errs), settled, f"{errs[-1]:.5f}")
