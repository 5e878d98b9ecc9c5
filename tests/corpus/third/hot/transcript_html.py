import html
import random
import hashlib


class Page:
    def __init__(self, title):
        self.body = f"<h1>{html.escape(title)}</h1>"

    def say(self, who, text):
        self.body = self.body + "<p><b>" + who + "</b>: " + html.escape(text) + "</p>\n"

    def digest(self):
        return hashlib.md5(self.body.encode()).hexdigest()


def dialogue(n):
    rnd = random.Random(23)
    words = "and the so well you know I think <maybe> later tea & cake rain again".split()
    who = ["Ana", "Bo", "Cy"]
    for i in range(n):
        yield who[i % 3], " ".join(rnd.choices(words, k=9))


page = Page("Minutes & more")
for speaker, line in dialogue(8500):
    page.say(speaker, line)
print(len(page.body))
print(page.digest())
