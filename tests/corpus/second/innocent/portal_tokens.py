import hashlib
import sqlite3

import numpy as np
import pandas as pd


def roster(n):
    g = np.random.default_rng(9)
    return pd.DataFrame({
        "pupil": np.arange(n) + 7000,
        "surname": g.choice(["Abel", "Bode", "Curie", "Dalton"], n),
        "year": g.integers(5, 13, n),
    })


def publish(df, db):
    db.execute("create table access (pupil integer primary key, token text, parent text)")
    parent = "seed"
    for row in df.itertuples():
        salt = f"{row.year}-{parent}".encode()
        token = hashlib.pbkdf2_hmac("sha256", row.surname.encode(), salt, 1500).hex()[:20]
        db.execute("insert into access values (?, ?, ?)", (row.pupil, token, parent))
        parent = token
    db.commit()


def main():
    db = sqlite3.connect(":memory:")
    publish(roster(700), db)
    print(db.execute("select count(*), min(token), max(pupil) from access").fetchone())
    db.close()


main()
