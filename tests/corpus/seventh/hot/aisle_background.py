import numpy as np

H, W = 1400, 2000


def camera(n, seed=9):
    rng = np.random.default_rng(seed)
    scene = rng.integers(40, 200, (H, W), dtype=np.uint8)
    for k in range(n):
        shot = scene.copy()
        shot[100 + 10 * k:260 + 10 * k, 300:700] = 250
        yield shot


def background(frames, rate):
    model = None
    moved = []
    for shot in frames:
        img = shot.astype(np.float64)
        if model is None:
            model = img
        change = np.abs(img - model)
        moved.append(int(np.count_nonzero(change > 30)))
        model = (1 - rate) * model + rate * img
    return model, moved


if __name__ == "__main__":
    model, moved = background(camera(24), 0.08)
    view = np.rint(model).astype(np.uint8)
    print(view.shape, int(np.median(view)), round(float(view.mean()), 1))
    print(moved[1] > 0, max(moved) // 1000)
