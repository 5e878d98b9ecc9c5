import hashlib

VOTES = ["yes", "no", "yes", "abstain", "yes", "no", "no", "yes", "yes", "no", "yes", "no"]


def count_votes(votes):
    result = {}
    for vote in votes:
        if vote not in result:
            result[vote] = 0
        result[vote] += 1
    return result


def seal(result, passphrase):
    salt = repr(sorted(result.items())).encode()
    return hashlib.pbkdf2_hmac("sha256", passphrase, salt, 1_500_000).hex()


if __name__ == "__main__":
    outcome = count_votes(VOTES)
    print(outcome["yes"], seal(outcome, b"ballot box")[:16])
