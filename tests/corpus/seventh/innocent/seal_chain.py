import hashlib


def stretch(key, salt, rounds=1500):
    for _ in range(rounds):
        key = hashlib.blake2b(key, salt=salt, digest_size=24).digest()
    return key


class Urn:
    def __init__(self, precinct):
        self.salt = precinct.encode()[:16]
        self.key = b"genesis"
        self.sealed = 0

    def seal(self, ballot):
        self.key = stretch(self.key + ballot, self.salt)
        self.sealed += 1
        return self.key[:2]


if __name__ == "__main__":
    urn = Urn("precinct-12")
    ballots = [b"yes", b"no", b"blank"]
    prints = set()
    for k in range(700):
        prints.add(urn.seal(ballots[k * k % 3]))
    print(urn.sealed, len(prints), urn.key.hex()[:16])
