import sqlite3


def open_store(articles):
    db = sqlite3.connect(":memory:")
    db.execute("create table stock (id integer primary key, aisle int, qty int)")
    db.executemany(
        "insert into stock values (?, ?, ?)",
        ((i, i * 37 % 61, i * 101 % 19) for i in range(articles)),
    )
    return db


DB = open_store(5_000)


def replenish(aisle):
    short = DB.execute(
        "select id, qty from stock where aisle = ? and qty < 12 order by qty, id limit 5", (aisle,)
    ).fetchall()
    for ident, qty in short:
        DB.execute("update stock set qty = qty + ? where id = ?", (7 - qty % 3, ident))
    DB.execute("update stock set qty = max(qty - 1, 0) where aisle = ?", (aisle,))
    return len(short)


picks = [replenish(step * 17 % 61) for step in range(2_200)]
print(sum(picks), DB.execute("select sum(qty), max(qty) from stock").fetchone())
