import multiprocessing
import zlib


def locker_code(pupil):
    return (zlib.crc32(b"%06d" % pupil) ^ pupil * 2654435761) % 10_000


def assign(pupils):
    codes = {}
    with multiprocessing.Pool(2) as pool:
        for pupil, code in enumerate(pool.imap(locker_code, range(pupils))):
            codes.setdefault(code, []).append(pupil)
    return codes


if __name__ == "__main__":
    lockers = assign(30_000)
    crowded = max(lockers, key=lambda c: (len(lockers[c]), c))
    print("codes in use", len(lockers))
    print("most shared", crowded, len(lockers[crowded]))
