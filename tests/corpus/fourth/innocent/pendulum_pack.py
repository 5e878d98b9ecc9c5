"""Eight coupled metronomes on one board."""
import numpy as np


def settle(steps, dt=0.002):
    phase = np.linspace(0.1, 2.9, 8)
    speed = np.linspace(0.95, 1.05, 8) * 7.0
    for _ in range(steps):
        pull = np.sin(phase.mean() - phase)
        phase = phase + dt * (speed + 1.7 * pull)
        speed = speed - 0.01 * dt * np.abs(pull) * speed
    return phase, speed


phase, speed = settle(130_000)
r = abs(np.exp(1j * phase).mean())
print("order", round(float(r), 6), "speed", speed.round(4)[:3])
