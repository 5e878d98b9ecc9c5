import numpy as np


def volume(depth, height, width):
    z = np.arange(depth, dtype=np.float32)[:, None, None]
    plane = np.arange(height * width, dtype=np.float32).reshape(height, width)
    return np.sin(plane * np.float32(0.001)) + z


def gradient_energy(scan):
    dz = scan[2:] - scan[:-2]
    dy = scan[:, 2:] - scan[:, :-2]
    dx = scan[:, :, 2:] - scan[:, :, :-2]
    return float(np.vdot(dz, dz)), float(np.vdot(dy, dy)), float(np.vdot(dx, dx))


scan = volume(60, 400, 500)
energies = [gradient_energy(scan) for _ in range(4)]
print([f"{e:.3e}" for e in energies[-1]])
