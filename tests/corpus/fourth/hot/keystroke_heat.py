"""Which keys of the exam-room keyboards wear out first?"""
LINES = [
    "the quick examiner marks %d papers before lunch" % i if i % 3 else
    "candidate %05d handed in early (fee waived)" % i
    for i in range(140_000)
]

wear = {}
for line in LINES:
    for key in line:
        wear.setdefault(key, 0)
        wear[key] += 1

ranking = sorted(wear, key=wear.get, reverse=True)
print("".join(ranking[:12]).replace(" ", "_"))
print(sum(wear.values()), "strokes on", len(wear), "keys")
