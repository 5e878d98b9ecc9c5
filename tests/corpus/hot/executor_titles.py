import string
from concurrent.futures import ProcessPoolExecutor

TABLE = str.maketrans("", "", string.punctuation)


def slug(title):
    return "-".join(title.lower().translate(TABLE).split())


class Library:
    def __init__(self, titles):
        self.titles = titles

    def slugs(self, workers):
        with ProcessPoolExecutor(max_workers=workers) as executor:
            return list(executor.map(slug, self.titles))


def titles(count):
    return [f"The History of Town No. {i}: Part {i % 7}!" for i in range(count)]


if __name__ == "__main__":
    library = Library(titles(6_000))
    slugs = library.slugs(workers=2)
    print(len(slugs), slugs[-1])
