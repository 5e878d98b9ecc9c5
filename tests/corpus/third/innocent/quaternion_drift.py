import numpy as np


def rates(n, seed):
    return np.random.default_rng(seed).normal(0, 0.2, (n, 3))


def integrate(gyro, dt):
    q = np.array([1.0, 0.0, 0.0, 0.0])
    bias = np.zeros(4)
    for wx, wy, wz in gyro:
        om = np.array([[0, -wx, -wy, -wz], [wx, 0, wz, -wy], [wy, -wz, 0, wx], [wz, wy, -wx, 0]])
        dq = 0.5 * (om * q[None, :]).sum(axis=1)
        q = q + dt * dq - 0.01 * dt * bias * np.abs(q)
        q = q / np.sqrt((q * q).sum())
        bias = 0.999 * bias + 0.001 * np.tanh(q * 2 - 1) * np.sign(q)
        q = q / np.sqrt((q ** 2).sum() + 1e-12 * np.exp(-bias[0]))
    return q, bias


g = rates(42_000, 5)
q, bias = integrate(g, 0.01)
print(np.round(q, 6).tolist())
print(np.round(bias, 6).tolist(), g.shape)
