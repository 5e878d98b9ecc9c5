# Thermostat bench: settle, read, correct
import time


class Oven:
    def __init__(self):
        self.temp = 20.0
        self.power = 0.0

    def settle(self, pause):
        time.sleep(pause)
        self.temp += 0.3 * (self.power - (self.temp - 20) / 5)


class Controller:
    def __init__(self, goal, kp, ki):
        self.goal, self.kp, self.ki = goal, kp, ki
        self.acc = 0.0

    def power(self, reading):
        error = self.goal - reading
        self.acc += error
        return max(0.0, min(60.0, self.kp * error + self.ki * self.acc))


def regulate(oven, controller, rounds):
    history = []
    for _ in range(rounds):
        oven.power = controller.power(oven.temp)
        oven.settle(0.02)
        history.append(round(oven.temp, 3))
    return history


history = regulate(Oven(), Controller(80.0, 1.2, 0.15), 60)
print(history[:3], history[-3:], max(history))
