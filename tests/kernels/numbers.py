"""Whole numbers, fractals, checksums, small formulas."""

import math

import numpy as np


def mandelbrot_point(x, y, limit):
    c = complex(x, y)
    z = 0.0j
    for i in range(limit):
        z = z * z + c
        if (z.real * z.real + z.imag * z.imag) >= 4:
            return i
    return limit


def mandelbrot(low_x, high_x, low_y, high_y, image, limit):
    height, width = image.shape
    dx = (high_x - low_x) / width
    dy = (high_y - low_y) / height
    for i in range(width):
        for j in range(height):
            image[j, i] = mandelbrot_point(low_x + i * dx, low_y + j * dy, limit)
    return image


def mandelbrot_of_arrays(xmin, xmax, ymin, ymax, xn, yn, maxiter, horizon=2.0):
    x = np.linspace(xmin, xmax, xn)
    y = np.linspace(ymin, ymax, yn)
    c = x + y[:, None] * 1j
    count = np.zeros(c.shape, dtype=np.int64)
    z = np.zeros(c.shape, dtype=np.complex128)
    for n in range(maxiter):
        inside = np.less(abs(z), horizon)
        count[inside] = n
        z[inside] = z[inside] ** 2 + c[inside]
    count[count == maxiter - 1] = 0
    return z, count


def julia(c, size, limit):
    out = np.zeros((size, size), np.uint8)
    for i in range(size):
        for j in range(size):
            z = (3.0 * i / size - 1.5) + 1j * (3.0 * j / size - 1.5)
            n = 0
            while abs(z) <= 2 and n < limit:
                z = z**2 + c
                n += 1
            out[i, j] = n
    return out


def sieve(n):
    prime = np.ones(n + 1, dtype=np.bool_)
    prime[:2] = False
    for i in range(2, int(n**0.5) + 1):
        if prime[i]:
            prime[i * i :: i] = False
    return np.nonzero(prime)[0]


def sieve_count(n):
    prime = np.ones(n, np.uint8)
    count = 0
    for i in range(2, n):
        if prime[i]:
            count += 1
            for j in range(i * i, n, i):
                prime[j] = 0
    return count


def collatz(limit):
    best, longest = 1, 1
    for start in range(1, limit):
        n, steps = start, 1
        while n != 1:
            n = n // 2 if n % 2 == 0 else 3 * n + 1
            steps += 1
        if steps > longest:
            best, longest = start, steps
    return best, longest


def go_fast(a):
    trace = 0.0
    for i in range(a.shape[0]):
        trace += np.tanh(a[i, i])
    return a + trace


def crc16(data, poly=0x8408):
    crc = 0xFFFF
    for b in data:
        cur_byte = 0xFF & b
        for _ in range(8):
            if (crc & 0x0001) ^ (cur_byte & 0x0001):
                crc = (crc >> 1) ^ poly
            else:
                crc >>= 1
            cur_byte >>= 1
    crc = ~crc & 0xFFFF
    crc = (crc << 8) | ((crc >> 8) & 0xFF)
    return crc & 0xFFFF


def arc_distance(theta_1, phi_1, theta_2, phi_2):
    temp = (
        np.sin((theta_2 - theta_1) / 2) ** 2
        + np.cos(theta_1) * np.cos(theta_2) * np.sin((phi_2 - phi_1) / 2) ** 2
    )
    return 2 * np.arctan2(np.sqrt(temp), np.sqrt(1 - temp))


def compute(array_1, array_2, a, b, c):
    return np.clip(array_1, 2, 10) * a + array_2 * b + c


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def coprime_fraction(n):
    count = 0
    for i in range(1, n + 1):
        for j in range(1, n + 1):
            if gcd(i, j) == 1:
                count += 1
    return count / n**2


def fibonacci(n):
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


def modular_power(base, exponent, modulus):
    result = 1
    base %= modulus
    while exponent > 0:
        if exponent & 1:
            result = result * base % modulus
        exponent >>= 1
        base = base * base % modulus
    return result


def n_queens(n):
    columns = np.zeros(n, dtype=np.int64)
    row, found = 0, 0
    columns[0] = -1
    while row >= 0:
        columns[row] += 1
        while columns[row] < n:
            ok = True
            for r in range(row):
                if columns[r] == columns[row] or abs(columns[r] - columns[row]) == row - r:
                    ok = False
                    break
            if ok:
                break
            columns[row] += 1
        if columns[row] < n:
            if row == n - 1:
                found += 1
            else:
                row += 1
                columns[row] = -1
        else:
            row -= 1
    return found


def trapezoid(low, high, n):
    h = (high - low) / n
    total = 0.5 * (math.exp(-(low**2)) + math.exp(-(high**2)))
    for i in range(1, n):
        total += math.exp(-((low + i * h) ** 2))
    return total * h


def newton_root(start, tolerance):
    x = start
    for i in range(100):
        f, slope = x**3 - 2 * x - 5, 3 * x**2 - 2
        step = f / slope
        x -= step
        if abs(step) < tolerance:
            return x, i
    raise ValueError("no root")


def black_scholes(spot, strike, time, rate, sigma):
    n = len(spot)
    call = np.empty(n)
    put = np.empty(n)
    for i in range(n):
        d1 = (np.log(spot[i] / strike[i]) + (rate + 0.5 * sigma**2) * time[i]) / (
            sigma * np.sqrt(time[i])
        )
        d2 = d1 - sigma * np.sqrt(time[i])
        nd1 = 0.5 * (1.0 + math.erf(d1 / math.sqrt(2.0)))
        nd2 = 0.5 * (1.0 + math.erf(d2 / math.sqrt(2.0)))
        discounted = strike[i] * np.exp(-rate * time[i])
        call[i] = spot[i] * nd1 - discounted * nd2
        put[i] = discounted * (1 - nd2) - spot[i] * (1 - nd1)
    return call, put


def bubble_sort(x):
    n = len(x)
    for i in range(n):
        swapped = False
        for j in range(n - 1 - i):
            if x[j] > x[j + 1]:
                x[j], x[j + 1] = x[j + 1], x[j]
                swapped = True
        if not swapped:
            break


def quicksort(x):
    stack = np.empty((len(x) + 1, 2), dtype=np.int64)
    stack[0] = 0, len(x) - 1
    top = 1
    while top > 0:
        top -= 1
        low, high = stack[top]
        if low >= high:
            continue
        pivot = x[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while x[i] < pivot:
                i += 1
            while x[j] > pivot:
                j -= 1
            if i <= j:
                x[i], x[j] = x[j], x[i]
                i += 1
                j -= 1
        stack[top] = low, j
        stack[top + 1] = i, high
        top += 2
    return x


def binary_search(x, wanted):
    low, high = 0, len(x)
    while low < high:
        middle = (low + high) // 2
        if x[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low if low < len(x) and x[low] == wanted else -1


def count_bits(words):
    total = 0
    for w in words:
        while w:
            w &= w - np.uint64(1)
            total += 1
    return total


def horner(coefficients, x):
    out = np.zeros_like(x)
    for c in coefficients[::-1]:
        out = out * x + c
    return out
