from pandas import DataFrame


def answers(count):
    for number in range(count):
        yield {"person": number, "age": 18 + number * 7 % 60, "score": (number * 31 % 11) / 2}


class Survey:
    def __init__(self):
        self.frame = DataFrame(columns=["person", "age", "score"])

    def collect(self, stream):
        for answer in stream:
            self.frame.loc[len(self.frame)] = [answer["person"], answer["age"], answer["score"]]
        return self

    def mean_score(self):
        return float(self.frame["score"].astype(float).mean())


survey = Survey().collect(answers(1_200))
print(len(survey.frame), round(survey.mean_score(), 6))
