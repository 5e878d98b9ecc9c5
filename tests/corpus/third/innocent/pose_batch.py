import math
from concurrent.futures import ProcessPoolExecutor
import numpy as np


def rotation(yaw, pitch):
    cy, sy, cp, sp = math.cos(yaw), math.sin(yaw), math.cos(pitch), math.sin(pitch)
    a = np.array([[cy, -sy, 0.0], [sy, cy, 0.0], [0.0, 0.0, 1.0]])
    b = np.array([[cp, 0.0, sp], [0.0, 1.0, 0.0], [-sp, 0.0, cp]])
    return a @ b


def follow(arm):
    seed, joints = arm
    tip = np.array([0.0, 0.0, 1.0])
    frame = np.eye(3)
    for k in range(joints):
        frame = frame @ rotation(0.01 * ((seed + k) % 50), 0.02 * (k % 7))
        tip = tip + frame @ np.array([0.0, 0.0, 0.05])
    return np.round(tip, 6).tolist()


if __name__ == "__main__":
    arms = [(s, 2500) for s in range(48)]
    with ProcessPoolExecutor(max_workers=2) as ex:
        tips = list(ex.map(follow, arms, chunksize=6))
    far = max(tips, key=lambda p: p[0] ** 2 + p[1] ** 2 + p[2] ** 2)
    print(len(tips), far)
