import numpy as np


def scene(side, seed):
    g = np.random.default_rng(seed)
    strip = g.random((40, side))
    reps = side // 40
    red = np.tile(0.05 + 0.2 * strip, (reps, 1))
    nir = np.tile(0.2 + 0.5 * strip[::-1], (reps, 1))
    blue = np.tile(0.02 + 0.1 * strip[:, ::-1], (reps, 1))
    return red, nir, blue


def indices(red, nir, blue, soil=0.5):
    ndvi = (nir - red) / (nir + red)
    savi = (1 + soil) * (nir - red) / (nir + red + soil)
    evi = 2.5 * (nir - red) / (nir + 6.0 * red - 7.5 * blue + 1.0)
    cover = np.clip((ndvi - 0.05) / (0.86 - 0.05), 0, 1) ** 2
    lai = -np.log(1.0 - 0.95 * cover) / 0.6 + 0.01 * savi * evi
    return lai


side = 2800
bands = scene(side, 4)
history = []
for season, soil in enumerate((0.3, 0.5, 0.8)):
    lai = indices(*bands, soil=soil)
    history.append(round(float(lai.mean()), 6))
    print("season", season, "mean leaf area", history[-1])
print("spread", round(max(history) - min(history), 6))
