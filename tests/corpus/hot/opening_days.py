from datetime import date, datetime, timedelta


def weekday_of(stamp):
    day = datetime.strptime(stamp, "%d %B %Y")
    return day.strftime("%A"), day.isocalendar()[1]


def bookings(count):
    first = date(2023, 1, 9)
    stamps = [(first + timedelta(days=n)).strftime("%d %B %Y") for n in range(120)]
    return [stamps[(i * 53) % 120] for i in range(count)]


def count_weekends(stamps):
    weekend = 0
    weeks = 0
    for stamp in stamps:
        name, week = weekday_of(stamp)
        if name in {"Saturday", "Sunday"}:
            weekend += 1
        weeks += week
    return weekend, weeks


if __name__ == "__main__":
    print(*count_weekends(bookings(70_000)))
