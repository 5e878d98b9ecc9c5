"""Equations of motion, stepped through time, and other physics."""

import math

import numpy as np


def lorenz(state, sigma, rho, beta):
    x, y, z = state
    return np.array([sigma * (y - x), x * (rho - z) - y, x * y - beta * z])


def runge_kutta_lorenz(start, dt, steps):
    path = np.empty((steps + 1, 3))
    path[0] = start
    for t in range(steps):
        s = path[t]
        k1 = lorenz(s, 10.0, 28.0, 8 / 3)
        k2 = lorenz(s + 0.5 * dt * k1, 10.0, 28.0, 8 / 3)
        k3 = lorenz(s + 0.5 * dt * k2, 10.0, 28.0, 8 / 3)
        k4 = lorenz(s + dt * k3, 10.0, 28.0, 8 / 3)
        path[t + 1] = s + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return path


def verlet(x, v, dt, steps, stiffness):
    energy = np.empty(steps)
    a = -stiffness * x
    for t in range(steps):
        x += v * dt + 0.5 * a * dt**2
        new = -stiffness * x
        v += 0.5 * (a + new) * dt
        a = new
        energy[t] = 0.5 * (v**2).sum() + 0.5 * stiffness * np.sum(x**2)
    return energy


def sir(s, i, r, beta, gamma, days, dt):
    steps = int(days / dt)
    out = np.zeros((3, steps))
    n = s + i + r
    for t in range(steps):
        infected = beta * s * i / n * dt
        healed = gamma * i * dt
        s -= infected
        i += infected - healed
        r += healed
        out[:, t] = s, i, r
    return out


def forces(position, mass, gravity, softening):
    x = position[:, 0:1]
    y = position[:, 1:2]
    z = position[:, 2:3]
    dx = x.T - x
    dy = y.T - y
    dz = z.T - z
    inv_r3 = dx**2 + dy**2 + dz**2 + softening**2
    inv = np.zeros_like(inv_r3)
    for i in range(inv_r3.shape[0]):
        for j in range(inv_r3.shape[1]):
            if inv_r3[i, j] > 0:
                inv[i, j] = inv_r3[i, j] ** (-1.5)
    ax = gravity * (dx * inv) @ mass
    ay = gravity * (dy * inv) @ mass
    az = gravity * (dz * inv) @ mass
    a = np.zeros((position.shape[0], 3))
    a[:, 0] = ax[:, 0]
    a[:, 1] = ay[:, 0]
    a[:, 2] = az[:, 0]
    return a


def nbody(mass, pos, vel, steps, dt, gravity, softening):
    vel -= np.mean(mass * vel, axis=0) / np.mean(mass)
    acc = forces(pos, mass, gravity, softening)
    kinetic = np.ndarray(steps + 1, dtype=np.float64)
    kinetic[0] = 0.5 * np.sum(mass * vel**2)
    for i in range(steps):
        vel += acc * dt / 2.0
        pos += vel * dt
        acc = forces(pos, mass, gravity, softening)
        vel += acc * dt / 2.0
        kinetic[i + 1] = 0.5 * np.sum(np.reshape(mass, (mass.shape[0], 1)) * vel**2)
    return kinetic


def potential_energy(pos, mass, gravity):
    dx = pos[:, 0:1].T - pos[:, 0:1]
    dy = pos[:, 1:2].T - pos[:, 1:2]
    inv_r = np.sqrt(dx**2 + dy**2)
    inv_r[inv_r > 0] = 1.0 / inv_r[inv_r > 0]
    return gravity * np.sum(np.triu(-(mass * mass.T) * inv_r, 1))


def nbody_loops(x, v, m, dt, steps):
    n = x.shape[0]
    for _ in range(steps):
        for i in range(n):
            ax = ay = az = 0.0
            for j in range(n):
                if i != j:
                    dx = x[j, 0] - x[i, 0]
                    dy = x[j, 1] - x[i, 1]
                    dz = x[j, 2] - x[i, 2]
                    r2 = dx * dx + dy * dy + dz * dz + 1e-3
                    w = m[j] / (r2 * math.sqrt(r2))
                    ax += dx * w
                    ay += dy * w
                    az += dz * w
            v[i, 0] += ax * dt
            v[i, 1] += ay * dt
            v[i, 2] += az * dt
        for i in range(n):
            for d in range(3):
                x[i, d] += v[i, d] * dt


def lennard_jones(positions, box, cutoff):
    n = positions.shape[0]
    force = np.zeros_like(positions)
    energy = 0.0
    for i in range(n):
        for j in range(i + 1, n):
            d = positions[i] - positions[j]
            d -= box * np.round(d / box)
            r2 = np.dot(d, d)
            if r2 < cutoff**2:
                inv6 = 1.0 / r2**3
                energy += 4.0 * (inv6 * inv6 - inv6)
                f = 24.0 * (2.0 * inv6 * inv6 - inv6) / r2
                force[i] += f * d
                force[j] -= f * d
    return energy, force


def pendulum_adaptive(theta, omega, end, tolerance):
    t, dt = 0.0, 0.01
    steps = 0
    while t < end:
        dt = min(dt, end - t)
        middle_theta = theta + 0.5 * dt * omega
        middle_omega = omega - 0.5 * dt * math.sin(theta)
        new_theta = theta + dt * middle_omega
        new_omega = omega - dt * math.sin(middle_theta)
        error = abs(new_theta - theta - dt * omega) + abs(new_omega - omega + dt * math.sin(theta))
        if error > tolerance:
            dt *= 0.5
            continue
        theta, omega = new_theta, new_omega
        t += dt
        steps += 1
        if error < tolerance / 4:
            dt *= 2
    return theta, omega, steps


def crank_nicolson(u, r, steps):
    n = len(u)
    c = np.zeros(n)
    d = np.zeros(n)
    for _ in range(steps):
        rhs = u.copy()
        rhs[1:-1] = u[1:-1] + 0.5 * r * (u[2:] - 2 * u[1:-1] + u[:-2])
        c[0], d[0] = 0.0, rhs[0]
        for i in range(1, n - 1):
            m = 1 + r + 0.5 * r * c[i - 1]
            c[i] = -0.5 * r / m
            d[i] = (rhs[i] + 0.5 * r * d[i - 1]) / m
        u[n - 1] = rhs[n - 1]
        for i in range(n - 2, -1, -1):
            u[i] = d[i] - c[i] * u[i + 1]


def lotka_volterra(x, y, a, b, c, d, dt, steps):
    xs, ys = [x], [y]
    for _ in range(steps):
        x, y = x + dt * (a * x - b * x * y), y + dt * (-c * y + d * x * y)
        xs.append(x)
        ys.append(y)
    return np.array(xs), np.array(ys)


def contour_integral(nr, nm, slab, ham, int_pts, y):
    p0 = np.zeros((nr, nm), dtype=np.complex128)
    p1 = np.zeros((nr, nm), dtype=np.complex128)
    for z in int_pts:
        tz = np.zeros((nr, nr), dtype=np.complex128)
        for n in range(slab + 1):
            zz = np.power(z, slab / 2 - n)
            tz += zz * ham[n]
        if nr == nm:
            x = np.linalg.inv(tz)
        else:
            x = np.linalg.solve(tz, y)
        if abs(z) < 1.0:
            x = -x
        p0 += x
        p1 += z * x
    return p0, p1


def scattering_self_energies(neigh_idx, dh, g, d, sigma):
    for k in range(g.shape[0]):
        for e in range(g.shape[1]):
            for q in range(d.shape[0]):
                for w in range(d.shape[1]):
                    for i in range(d.shape[-2]):
                        for j in range(d.shape[-1]):
                            for a in range(neigh_idx.shape[0]):
                                for b in range(neigh_idx.shape[1]):
                                    if e - w >= 0:
                                        dhg = g[k, e - w, neigh_idx[a, b]] @ dh[a, b, i]
                                        dhd = dh[a, b, j] * d[q, w, a, b, i, j]
                                        sigma[k, e, a] += dhg @ dhd
