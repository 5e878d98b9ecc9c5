import numpy as np
import pandas as pd


def telemetry(n):
    gen = np.random.default_rng(12)
    hours = np.arange(n) * 0.25
    sun = np.clip(np.sin((hours % 24 - 6) / 12 * np.pi), 0, None)
    return pd.DataFrame({
        "volts": 380 + gen.normal(0, 4, n),
        "amps": 9.2 * sun * gen.uniform(0.6, 1, n),
        "cell": 20 + 25 * sun,
    })


def energy(frame, coeff=-0.0038):
    kwh = 0.0
    for stamp in frame.index:
        watts = frame.at[stamp, "volts"] * frame.at[stamp, "amps"]
        loss = 1 + coeff * (frame.at[stamp, "cell"] - 25)
        kwh += watts * loss * 0.25 / 1000
    return kwh


readings = telemetry(50000)
print(f"{len(readings)} readings")
print(f"{energy(readings):.3f} kWh")
