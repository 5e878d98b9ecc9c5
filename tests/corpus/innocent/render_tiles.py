from multiprocessing import get_context


def render(tile):
    total = 0
    x0, y0 = tile
    for j in range(40):
        for i in range(40):
            c = complex(-2.0 + (x0 + i / 40) * 0.3, -1.2 + (y0 + j / 40) * 0.3)
            z = 0j
            for n in range(60):
                z = z * z + c
                if z.real * z.real + z.imag * z.imag > 4:
                    total += n
                    break
    return total


def main():
    tiles = [(x, y) for y in range(8) for x in range(10)]
    with get_context("fork").Pool(2) as pool:
        totals = pool.map(render, tiles, chunksize=8)
    print(len(totals), sum(totals))


if __name__ == "__main__":
    main()
