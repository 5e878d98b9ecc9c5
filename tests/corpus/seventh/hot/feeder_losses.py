import numpy as np
import pandas as pd


def feeders(n, seed=4):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "amps": rng.uniform(5, 400, n),
            "ohm_km": rng.choice([0.32, 0.21, 0.125], n),
            "km": rng.uniform(0.2, 9, n),
        },
        index=[f"F{i:05d}" for i in range(n)],
    )


def fill_losses(net, limit_kw):
    net["loss_kw"] = 0.0
    net["over"] = 0
    for name in net.index:
        amps = net.at[name, "amps"]
        ohm = net.at[name, "ohm_km"] * net.at[name, "km"]
        net.at[name, "loss_kw"] = 3 * amps * amps * ohm / 1000
        if net.at[name, "loss_kw"] > limit_kw:
            net.at[name, "over"] = 1
    return net


net = fill_losses(feeders(8_000), 250.0)
print(len(net), round(net["loss_kw"].sum(), 3), int(net["over"].sum()))
print(net.nlargest(2, "loss_kw").index.tolist())
