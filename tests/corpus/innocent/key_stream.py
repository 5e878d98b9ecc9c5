import hashlib
import zlib


def key_stream(secret, length):
    stream = bytearray()
    block = secret
    while len(stream) < length:
        block = hashlib.sha256(block + secret).digest()
        stream += block
    return stream


def encrypt(text, secret):
    stream = key_stream(secret, len(text))
    mixed = int.from_bytes(text, "big") ^ int.from_bytes(stream[: len(text)], "big")
    return mixed.to_bytes(len(text), "big")


text = b"the quick brown fox " * 900_000
print(len(text), zlib.crc32(encrypt(text, secret=b"k" * 32)))
