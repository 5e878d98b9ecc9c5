"""Tracks of ships pieced together from short AIS messages."""
import numpy as np


def messages(ships, legs):
    rng = np.random.default_rng(31)
    drift = rng.normal(0, 0.01, (ships, legs, 16, 3))
    for leg in range(legs):
        for ship in range(ships):
            yield ship, drift[ship, leg]


def assemble(ships, legs):
    tracks = {s: np.zeros((1, 3)) for s in range(ships)}
    for ship, fixes in messages(ships, legs):
        tracks[ship] = np.vstack((tracks[ship], fixes))
    return tracks


def length(track):
    path = np.cumsum(track[:, :2], axis=0)
    return float(np.hypot(*np.diff(path, axis=0).T).sum())


tracks = assemble(3, 1500)
for ship, track in tracks.items():
    print(ship, track.shape[0], f"{length(track):.4f}")
