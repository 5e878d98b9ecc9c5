import multiprocessing as mp


def integrate(job):
    ident, steps = job
    x, y, vx, vy = 1.0, 0.0, 0.0, 0.9 + ident * 0.01
    dt = 1e-3
    for _ in range(steps):
        r3 = (x * x + y * y) ** 1.5
        vx -= dt * x / r3
        vy -= dt * y / r3
        x += dt * vx
        y += dt * vy
    return ident, round(x, 9), round(y, 9)


if __name__ == "__main__":
    jobs = [(k, 120_000 + 640_000 * (k % 5 == 0)) for k in range(14)]
    jobs.sort(key=lambda j: -j[1])
    with mp.Pool(2) as pool:
        ends = sorted(pool.imap_unordered(integrate, jobs, chunksize=1))
    print(len(ends), ends[0], ends[-1])
