import zlib


def packets(count):
    for number in range(count):
        yield number.to_bytes(4, "big") + bytes([number % 251]) * 180


def checksum(payload):
    return zlib.crc32(payload)


def reassemble(stream):
    payload = b""
    received = 0
    for packet in stream:
        payload = payload + packet[4:]
        received += 1
    return payload, received


payload, received = reassemble(packets(6_500))
print(received, len(payload), checksum(payload))
