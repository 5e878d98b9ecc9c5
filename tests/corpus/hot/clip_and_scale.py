import numpy as np

samples = np.random.default_rng(40).normal(0.0, 1.0, 1_300_000)
gain = 1.8
knee = 0.75

shaped = np.zeros(samples.size)
for i in range(samples.size):
    value = samples[i] * gain
    if value > knee:
        value = knee + (value - knee) / 4
    elif value < -knee:
        value = -knee + (value + knee) / 4
    shaped[i] = value

print(round(float(shaped.std()), 9), round(float(shaped.max()), 9))
