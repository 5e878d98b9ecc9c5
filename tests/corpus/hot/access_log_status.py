class StatusReport:
    def __init__(self):
        self.hits = {}
        self.bytes_sent = 0

    def add_batch(self, codes):
        for code in codes:
            self.hits[code] = self.hits.get(code, 0) + 1

    def worst(self):
        errors = {code: n for code, n in self.hits.items() if code >= 500}
        return max(errors.items(), key=lambda item: item[1])


def synthetic_codes(size):
    block = [200] * 70 + [304] * 12 + [404] * 9 + [500] * 5 + [503] * 3 + [301]
    return block * (size // len(block))


def main():
    report = StatusReport()
    for _ in range(20):
        report.add_batch(synthetic_codes(500_000))
    print(report.worst(), sum(report.hits.values()))


if __name__ == "__main__":
    main()
