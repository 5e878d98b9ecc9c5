"""Asks every door of the arena for its counter; each door answers slowly."""
import time
from multiprocessing.pool import ThreadPool


class Door:
    def __init__(self, number):
        self.number = number

    def read(self):
        time.sleep(0.02 + self.number % 4 * 0.005)
        return self.number * 37 % 101


def total(doors, at_once):
    people = 0
    with ThreadPool(at_once) as crew:
        for n in crew.imap_unordered(Door.read, doors):
            people += n
    return people


doors = [Door(n) for n in range(240)]
print("people inside", total(doors, 8))
