class RecentPages:
    def __init__(self, size=4):
        self.size = size
        self.pages = []

    def touch(self, page):
        if page in self.pages:
            self.pages.remove(page)
            fresh = False
        else:
            fresh = True
        self.pages.append(page)
        if len(self.pages) > self.size:
            del self.pages[0]
        return fresh


def replay(trace):
    recent = RecentPages()
    misses = 0
    for page in trace:
        if recent.touch(page):
            misses += 1
    return misses


def page_trace(count):
    state = 12345
    while count:
        state = (state * 1_103_515_245 + 12_345) % 2**31
        yield (state >> 16) % 11
        count -= 1


print(replay(page_trace(1_500_000)))
