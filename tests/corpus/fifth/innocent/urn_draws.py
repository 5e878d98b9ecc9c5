"""Randomised allocation of patients to arms, with an urn that adapts."""
import random

URN = {"drug": 10, "placebo": 10, "dose-2": 10}
LOG = []


def allocate(patient):
    total = sum(URN.values())
    ticket = random.randrange(total)
    for arm, balls in URN.items():
        if ticket < balls:
            break
        ticket -= balls
    for other in URN:
        if other != arm:
            URN[other] += 1
    if total > 90:
        for key in URN:
            URN[key] = max(3, URN[key] // 3)
    LOG.append((patient, arm))
    return arm


def main():
    random.seed(2718)
    patients = range(650_000)
    arms = list(map(allocate, patients))
    for arm in sorted(URN):
        print(arm, arms.count(arm))
    print(len(LOG), LOG[-1], URN)


main()
