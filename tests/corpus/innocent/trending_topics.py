class Trending:
    def __init__(self, decay):
        self.decay = decay
        self.score = {}

    def feed(self, topics):
        decay = self.decay
        score = self.score
        for topic in topics:
            score[topic] = decay * score.get(topic, 0) + 1

    def best(self):
        return max(self.score.items(), key=lambda item: item[1])


def topic_stream(count):
    block = [f"topic{(i * i) % 41}" for i in range(1_009)]
    return block * (count // len(block))


trending = Trending(decay=0.97)
for hour in range(14):
    trending.feed(topic_stream(600_000))
name, value = trending.best()
print(name, round(value, 9))
