import sqlite3


def open_shop(articles):
    db = sqlite3.connect(":memory:")
    db.execute("create table stock (id integer primary key, shelf integer, left_over integer)")
    rows = [(i, i % 17, 500 + i % 23) for i in range(articles)]
    db.executemany("insert into stock values (?, ?, ?)", rows)
    return db


def sell(db, shelf):
    db.execute("update stock set left_over = left_over - 1 where shelf = ? and left_over > 0", (shelf,))
    return db.execute("select sum(left_over) from stock where shelf = ?", (shelf,)).fetchone()[0]


db = open_shop(3_000)
remaining = [sell(db, shelf % 17) for shelf in range(3_600)]
print(len(remaining), remaining[-1], sum(remaining))
db.close()
