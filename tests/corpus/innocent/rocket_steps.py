import numpy as np


def acceleration(position, velocity, mass):
    radius = np.sqrt((position * position).sum())
    gravity = -398_600.0 * position / radius**3
    drag = -1e-5 * velocity * np.abs(velocity) / mass
    return gravity + drag


def fly(steps, dt):
    position = np.array([6_778.0, 0.0, 0.0])
    velocity = np.array([0.0, 7.67, 0.3])
    mass = 900.0
    for _ in range(steps):
        velocity = velocity + dt * acceleration(position, velocity, mass)
        position = position + dt * velocity
    return position


print(fly(steps=60_000, dt=0.1).round(5).tolist())
