def make_jobs(count):
    return [(i, (i * 7919) % 37 + 1) for i in range(count)]


def page_cost(pages):
    return 0.03 * pages if pages < 20 else 0.025 * pages


def run_printer(jobs):
    cost = 0.0
    done = 0
    while jobs:
        number, pages = jobs.pop(0)
        cost += page_cost(pages)
        done += 1
    return done, cost


done, cost = run_printer(make_jobs(75_000))
print(done, round(cost, 2))
