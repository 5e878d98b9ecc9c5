"""Chooses what to cook from a larder that empties."""

MENU = {
    "pancakes": {"egg": 2, "milk": 3, "flour": 2},
    "omelette": {"egg": 4, "milk": 1, "cheese": 1},
    "gratin": {"potato": 5, "cheese": 3, "milk": 2},
    "bread": {"flour": 6, "milk": 1},
    "rosti": {"potato": 4, "egg": 1},
}


def worth(dish, larder):
    need = MENU[dish]
    score = 0.0
    for item, n in need.items():
        have = larder.get(item, 0)
        if have < n:
            return -1.0
        score += n / have + (0.5 if have > 40 else 0.0)
    return score


def week(larder, meals):
    cooked = []
    for _ in range(meals):
        dish = max(MENU, key=lambda d: worth(d, larder))
        if worth(dish, larder) < 0:
            for item in larder:
                larder[item] += 37
            continue
        for item, n in MENU[dish].items():
            larder[item] -= n
        cooked.append(dish)
    return cooked


larder = {"egg": 50, "milk": 60, "flour": 45, "cheese": 30, "potato": 80}
meals = week(larder, 170_000)
print({d: meals.count(d) for d in MENU}, larder)
