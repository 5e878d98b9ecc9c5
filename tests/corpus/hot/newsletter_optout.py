import random

rng = random.Random(11)


def make_address(number):
    return f"user{number:06d}@example.org"


def shorten(address):
    return address.split("@")[0]


opted_out = [make_address(n) for n in rng.sample(range(60_000), 4_500)]
customers = [make_address(n) for n in range(0, 60_000, 4)]

to_mail = []
skipped = 0
for address in customers:
    if address in opted_out:
        skipped += 1
    else:
        to_mail.append(shorten(address))

print(len(to_mail), skipped, to_mail[-1])
