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


def ising_sweep(spins, beta, rnd):
    n, m = spins.shape
    for k in range(rnd.shape[0]):
        i = int(rnd[k, 0] * n)
        j = int(rnd[k, 1] * m)
        near = (
            spins[(i + 1) % n, j]
            + spins[(i - 1) % n, j]
            + spins[i, (j + 1) % m]
            + spins[i, (j - 1) % m]
        )
        dE = 2 * spins[i, j] * near
        if dE <= 0 or rnd[k, 2] < np.exp(-beta * dE):
            spins[i, j] *= -1
    return spins


def lennard_jones_forces(pos, box, eps=1.0, sigma=1.0, rc=2.5):
    n = len(pos)
    f = np.zeros_like(pos)
    pe = 0.0
    virial = 0.0
    rc2 = rc**2
    for i in range(n - 1):
        for j in range(i + 1, n):
            rij = pos[i] - pos[j]
            rij -= box * np.round(rij / box)
            r2 = np.dot(rij, rij)
            if r2 < rc2:
                s6 = (sigma**2 / r2) ** 3
                ff = 48 * eps * s6 * (s6 - 0.5) / r2
                f[i] += ff * rij
                f[j] -= ff * rij
                pe += 4 * eps * s6 * (s6 - 1)
                virial += ff * r2
    return f, pe, virial


def molecular_dynamics(pos, vel, box, dt, steps):
    f, pe, _ = lennard_jones_forces(pos, box)
    energies = np.zeros((steps, 2))
    for s in range(steps):
        vel += 0.5 * dt * f
        pos = (pos + vel * dt) % box
        f, pe, _ = lennard_jones_forces(pos, box)
        vel += 0.5 * dt * f
        energies[s] = pe, 0.5 * (vel**2).sum()
    return pos, vel, energies


def bh_build(pos, mass, max_nodes, half):
    # quadtree in arrays
    children = -np.ones((max_nodes, 4), dtype=np.int64)
    center = np.zeros((max_nodes, 2))
    size = np.zeros(max_nodes)
    body = np.full(max_nodes, -1)
    nodemass = np.zeros(max_nodes)
    com = np.zeros((max_nodes, 2))
    size[0] = half
    count = 1
    for b in range(len(pos)):
        node = 0
        p = b
        while True:
            nodemass[node] += mass[p]
            com[node, :] += mass[p] * pos[p]
            if body[node] == -1 and (children[node] == -1).all():
                body[node] = p
                break
            if body[node] >= 0:
                # split
                old = body[node]
                body[node] = -2
                q = (1 if pos[old, 0] > center[node, 0] else 0) + (
                    2 if pos[old, 1] > center[node, 1] else 0
                )
                c = count
                count += 1
                children[node, q] = c
                size[c] = size[node] / 2
                center[c, 0] = center[node, 0] + (size[c] if q & 1 else -size[c])
                center[c, 1] = center[node, 1] + (size[c] if q & 2 else -size[c])
                body[c] = old
                nodemass[c] = mass[old]
                com[c] = mass[old] * pos[old]
            q = int(pos[p, 0] > center[node, 0]) + 2 * int(pos[p, 1] > center[node, 1])
            if children[node, q] == -1:
                c = count
                count += 1
                children[node, q] = c
                size[c] = size[node] / 2
                sx = size[c] if q & 1 else -size[c]
                sy = size[c] if q & 2 else -size[c]
                center[c] = center[node] + np.array([sx, sy])
            node = children[node, q]
    for k in range(count):
        if nodemass[k] > 0:
            com[k] /= nodemass[k]
    return children[:count], com[:count], nodemass[:count], size[:count], body[:count]


def bh_force(pos, children, com, nodemass, size, theta):
    acc = np.zeros_like(pos)
    stack = np.empty(256, dtype=np.int64)
    for i in range(pos.shape[0]):
        top = 0
        stack[top] = 0
        top += 1
        while top > 0:
            top -= 1
            node = stack[top]
            dx, dy = com[node] - pos[i]
            r = math.hypot(dx, dy) + 1e-3
            if 2 * size[node] / r < theta or (children[node] < 0).all():
                acc[i, 0] += nodemass[node] * dx / r**3
                acc[i, 1] += nodemass[node] * dy / r**3
            else:
                for c in children[node]:
                    if c >= 0:
                        stack[top] = c
                        top += 1
    return acc


def barnes_hut(pos, mass):
    children, com, nm, size, body = bh_build(pos, mass, 8 * len(pos) + 200, 1.0)
    return bh_force(pos, children, com, nm, size, 0.5)


LATTICE = np.array([[0, 0], [1, 0], [0, 1], [-1, 0], [0, -1], [1, 1], [-1, 1], [-1, -1], [1, -1]])


WEIGHTS = np.array([4 / 9] + [1 / 9] * 4 + [1 / 36] * 4)


OPPOSITE = np.array([0, 3, 4, 1, 2, 7, 8, 5, 6])


def lattice_boltzmann(f, mask, steps, omega):
    nx, ny = mask.shape
    for _ in range(steps):
        rho = f.sum(axis=0)
        ux = np.zeros((nx, ny))
        uy = np.zeros((nx, ny))
        for k in range(9):
            ux += LATTICE[k, 0] * f[k]
            uy += LATTICE[k, 1] * f[k]
        ux /= rho
        uy /= rho
        usq = 1.5 * (ux**2 + uy**2)
        feq = np.empty_like(f)
        for k in range(9):
            cu = 3.0 * (LATTICE[k, 0] * ux + LATTICE[k, 1] * uy)
            feq[k] = WEIGHTS[k] * rho * (1 + cu + 0.5 * cu**2 - usq)
        fout = f - omega * (f - feq)
        for k in range(9):
            fout[k, mask] = f[OPPOSITE[k], mask]
        for k in range(9):
            f[k] = np.roll(np.roll(fout[k], LATTICE[k, 0], axis=0), LATTICE[k, 1], axis=1)
    return f, rho


def lattice_boltzmann_rolled(f, steps, omega):
    NL = 9
    cxs = np.array([0, 0, 1, 1, 1, 0, -1, -1, -1])
    cys = np.array([0, 1, 1, 0, -1, -1, -1, 0, 1])
    weights = np.array([4 / 9, 1 / 9, 1 / 36, 1 / 9, 1 / 36, 1 / 9, 1 / 36, 1 / 9, 1 / 36])
    for it in range(steps):
        for i, cx, cy in zip(range(NL), cxs, cys):
            F = f[:, :, i]
            F = np.roll(F, cx, axis=1)
            F = np.roll(F, cy, axis=0)
            f[:, :, i] = F
        rho = np.sum(f, 2)
        ux = np.sum(f * cxs, 2) / rho
        uy = np.sum(f * cys, 2) / rho
        Feq = np.zeros(f.shape)
        for i, cx, cy, w in zip(range(NL), cxs, cys, weights):
            Feq[:, :, i] = (
                rho
                * w
                * (
                    1
                    + 3 * (cx * ux + cy * uy)
                    + 9 * (cx * ux + cy * uy) ** 2 / 2
                    - 3 * (ux**2 + uy**2) / 2
                )
            )
        f += -(1.0 / omega) * (f - Feq)
    return f


def sphere_sdf(p, c, r):
    return np.sqrt(np.sum((p - c) ** 2)) - r


def ray_march(width, height, max_steps=32):
    img = np.zeros((height, width))
    c = np.array([0.0, 0.0, 3.0])
    for y in range(height):
        for x in range(width):
            d = np.array([(x - width / 2) / width, (y - height / 2) / height, 1.0])
            d /= np.linalg.norm(d)
            p = np.zeros(3)
            t = 0.0
            hit = False
            for _ in range(max_steps):
                dist = sphere_sdf(p + t * d, c, 1.0)
                if dist < 1e-3:
                    hit = True
                    break
                t += dist
                if t > 20:
                    break
            if hit:
                n = p + t * d - c
                n = n / np.sqrt(n.dot(n))
                img[y, x] = max(0.0, -n[2])
    return img


def schrodinger(n, steps, dt):
    x = np.linspace(-10, 10, n)
    dx = x[1] - x[0]
    psi = np.exp(-(x**2)) * np.exp(1j * 2 * x)
    psi /= np.sqrt(np.sum(np.abs(psi) ** 2) * dx)
    V = 0.5 * x**2
    for _ in range(steps):
        lap = np.zeros_like(psi)
        lap[1:-1] = (psi[2:] - 2 * psi[1:-1] + psi[:-2]) / dx**2
        psi = psi - 1j * dt * (-0.5 * lap + V * psi)
    return psi, np.sum(np.abs(psi) ** 2) * dx


def van_der_pol(t, y, mu):
    return np.array((y[1], mu * (1 - y[0] ** 2) * y[1] - y[0]))


def rk45(t0, t1, y0, mu, tol):
    a = np.array(
        [
            [0, 0, 0, 0, 0],
            [1 / 4, 0, 0, 0, 0],
            [3 / 32, 9 / 32, 0, 0, 0],
            [1932 / 2197, -7200 / 2197, 7296 / 2197, 0, 0],
            [439 / 216, -8, 3680 / 513, -845 / 4104, 0],
            [-8 / 27, 2, -3544 / 2565, 1859 / 4104, -11 / 40],
        ]
    )
    c = np.array([0, 1 / 4, 3 / 8, 12 / 13, 1, 1 / 2])
    b4 = np.array([25 / 216, 0, 1408 / 2565, 2197 / 4104, -1 / 5, 0])
    b5 = np.array([16 / 135, 0, 6656 / 12825, 28561 / 56430, -9 / 50, 2 / 55])
    t = t0
    y = y0.copy()
    h = 0.01
    ts = [t]
    ys = [y[0]]
    k = np.zeros((6, y.size))
    while t < t1:
        if t + h > t1:
            h = t1 - t
        for s in range(6):
            k[s] = van_der_pol(t + c[s] * h, y + h * (a[s, :s] @ k[:s]), mu)
        err = np.max(np.abs(h * ((b5 - b4) @ k)))
        if err < tol:
            t += h
            y = y + h * (b5 @ k)
            ts.append(t)
            ys.append(y[0])
        h *= min(5.0, max(0.2, 0.9 * (tol / max(err, 1e-14)) ** 0.2))
    return np.array(ts), np.array(ys)


def smooth_poisson(u, f, h, n):
    for _ in range(n):
        for i in range(1, u.size - 1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1] + h * h * f[i])


def v_cycle(u, f, h):
    n = u.size
    smooth_poisson(u, f, h, 3)
    if n <= 3:
        return u
    r = np.zeros_like(u)
    r[1:-1] = f[1:-1] + (u[:-2] - 2 * u[1:-1] + u[2:]) / (h * h)
    nc = (n + 1) // 2
    rc = np.zeros(nc)
    rc[1:-1] = 0.25 * (r[1:-3:2] + 2 * r[2:-2:2] + r[3:-1:2])
    ec = v_cycle(np.zeros(nc), rc, 2 * h)
    e = np.zeros_like(u)
    e[::2] = ec
    e[1::2] = 0.5 * (ec[:-1] + ec[1:])
    u += e
    smooth_poisson(u, f, h, 3)
    return u


def kuramoto(theta, omega, K, dt, steps):
    n = theta.shape[0]
    R = np.zeros(steps)
    for s in range(steps):
        diff = theta.reshape(1, -1) - theta.reshape(-1, 1)
        theta = theta + dt * (omega + K / n * np.sin(diff).sum(axis=1))
        R[s] = np.abs(np.mean(np.exp(1j * theta)))
    return np.mod(theta, 2 * np.pi), R


def kepler(M, e, tol=1e-12):
    E = M.copy() if e < 0.8 else np.full_like(M, np.pi)
    for _ in range(100):
        dE = (E - e * np.sin(E) - M) / (1 - e * np.cos(E))
        E -= dE
        if np.abs(dE).max() < tol:
            break
    nu = 2 * np.arctan2(np.sqrt(1 + e) * np.sin(E / 2), np.sqrt(1 - e) * np.cos(E / 2))
    return E, nu


def percolation(grid):
    n, m = grid.shape
    label = np.zeros((n, m), dtype=np.int32)
    current = 0
    stack_i = np.empty(n * m, dtype=np.int64)
    stack_j = np.empty(n * m, dtype=np.int64)
    for i in range(n):
        for j in range(m):
            if grid[i, j] and label[i, j] == 0:
                current += 1
                label[i, j] = current
                sp = 0
                stack_i[sp], stack_j[sp] = i, j
                sp += 1
                while sp:
                    sp -= 1
                    a, b = stack_i[sp], stack_j[sp]
                    for da, db in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                        x, y = a + da, b + db
                        if 0 <= x < n and 0 <= y < m and grid[x, y] and not label[x, y]:
                            label[x, y] = current
                            stack_i[sp] = x
                            stack_j[sp] = y
                            sp += 1
    spans = False
    for k in np.unique(label[0]):
        if k > 0 and k in label[-1]:
            spans = True
    return label, current, spans


def rdf(pos, L, nbins):
    n = pos.shape[0]
    hist = np.zeros(nbins)
    for i in range(n):
        for j in range(n):
            if i != j:
                d = pos[i] - pos[j]
                d = d - L * np.rint(d / L)
                r = np.sqrt((d**2).sum())
                if r < L / 2:
                    hist[int(r / (L / 2) * nbins)] += 1
    return hist


def shallow_water(h, hu, dx, dt, steps, g=9.8):
    for _ in range(steps):
        u = hu / h
        f1 = hu
        f2 = hu * u + 0.5 * g * h**2
        a = np.max(np.abs(u) + np.sqrt(g * h))
        F1 = 0.5 * (f1[1:] + f1[:-1]) - 0.5 * a * (h[1:] - h[:-1])
        F2 = 0.5 * (f2[1:] + f2[:-1]) - 0.5 * a * (hu[1:] - hu[:-1])
        h[1:-1] -= dt / dx * (F1[1:] - F1[:-1])
        hu[1:-1] -= dt / dx * (F2[1:] - F2[:-1])
    return h, hu


def pairwise_where(pos, mass, G, softening):
    x = pos[:, 0:1]
    dx = x.T - x
    inv_r3 = dx**2 + softening**2
    inv_r3[inv_r3 > 0] = inv_r3[inv_r3 > 0] ** (-1.5)
    inv_r = np.sqrt(dx**2)
    I = inv_r > 0
    np.divide(1.0, inv_r, out=inv_r, where=I)
    return inv_r3, inv_r, np.sum(np.sum(np.triu(-(mass * mass.T) * inv_r, 1)))
