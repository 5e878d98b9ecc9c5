import numpy


class Network:
    def __init__(self, sizes, seed):
        rng = numpy.random.default_rng(seed)
        self.layers = []
        for rows, columns in zip(sizes, sizes[1:]):
            self.layers.append((rng.normal(0, rows**-0.5, (rows, columns)), numpy.zeros(columns)))

    def forward(self, batch):
        for weight, bias in self.layers[:-1]:
            batch = numpy.maximum(batch @ weight + bias, 0.0)
        weight, bias = self.layers[-1]
        return batch @ weight + bias

    def classify(self, batch):
        return self.forward(batch).argmax(axis=1)


def pixels(count):
    image = numpy.arange(97 * 784) * 31 % 251
    return numpy.resize(image / 250.0, (count, 784))


network = Network([784, 640, 640, 10], seed=3)
labels = network.classify(pixels(9_000))
print(numpy.bincount(labels, minlength=10).tolist())
