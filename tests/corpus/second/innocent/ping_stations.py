"""Wait for weather stations, a few at a time."""
import random
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple


class Reading(NamedTuple):
    station: int
    celsius: float


def poll(station):
    time.sleep(0.002 + station % 5 * 0.0004)
    return Reading(station, round(random.Random(station).gauss(11, 6), 1))


def sweep(stations, lanes=6):
    with ThreadPoolExecutor(lanes) as ex:
        yield from ex.map(poll, stations)


def main():
    coldest = None
    warm = 0
    for r in sweep(range(1800)):
        if coldest is None or r.celsius < coldest.celsius:
            coldest = r
        warm += r.celsius > 20
    print("coldest", coldest.station, coldest.celsius, "warm", warm)


if __name__ == "__main__":
    main()
