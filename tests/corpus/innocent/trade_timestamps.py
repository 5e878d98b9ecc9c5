import numpy as np


def trade_times(count):
    return 1_700_000_000.0 + np.arange(count) * 0.137


def gaps_by_minute(times):
    minute = np.floor(times / 60.0)
    offset = times - 60.0 * minute
    gaps = np.diff(times)
    late = gaps[offset[1:] > 30.0]
    return minute[-1] - minute[0], np.median(late), offset.sum()


minutes, median, total = gaps_by_minute(trade_times(8_000_000))
print(int(minutes), round(float(median), 3), round(float(total) / 8e6, 3))
