import array


def load_badges(count):
    return frozenset(range(0, count * 7, 7))


def scan_stream(count):
    return array.array("q", ((i * 2_654_435_761) % 1_400_003 for i in range(count)))


def count_entries(scans, badge_list):
    entered = 0
    for badge in scans:
        if badge in badge_list:
            entered += 1
    return entered


scans = scan_stream(200_000)
badge_list = load_badges(200_000)
total = 0
for day in range(40):
    total += count_entries(scans, badge_list)
print(total)
