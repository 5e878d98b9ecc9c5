class Site:
    def __init__(self, pages):
        self.pages = pages

    def links(self, page):
        n = self.pages
        return [(page * 3 + 1) % n, (page * 7 + 2) % n, (page + 1) % n]


class Crawler:
    def __init__(self, site, limit):
        self.site = site
        self.limit = limit
        self.visited = []

    def summary(self):
        return len(self.visited), sum(self.visited) % 99991

    def crawl(self, start):
        todo = [start]
        while todo and len(self.visited) < self.limit:
            page = todo.pop()
            if page in self.visited:
                continue
            self.visited.append(page)
            todo.extend(self.site.links(page))
        return self.summary()


if __name__ == "__main__":
    crawler = Crawler(Site(90_000), limit=12_000)
    print(*crawler.crawl(0))
