import hashlib


def stretch(key, salt):
    return hashlib.scrypt(key, salt=salt, n=2_048, r=8, p=1, dklen=32)


def ladder(password, salts):
    keys = []
    key = password
    for salt in salts:
        key = stretch(key, salt)
        keys.append(key[:4].hex())
    return keys


keys = ladder(b"correct horse", [bytes([n]) * 8 for n in range(170)])
print(len(keys), keys[0], keys[-1])
