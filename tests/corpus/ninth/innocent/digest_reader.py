import email
import os
import tempfile
from email import policy


def write_archive(folder, n):
    for k in range(n):
        heads = "".join(f"X-Hop-{h}: relay{h}.example.org; id={k * h}\n\twith queue {h}\n" for h in range(60))
        with open(os.path.join(folder, f"{k:04d}.eml"), "w") as f:
            f.write(f"Subject: rota {k}\nFrom: clerk{k % 9} <c{k % 9}@example.org>\n{heads}\n"
                    + f"Week {k}: berth {k % 12}.\n" * 40)


def read_mail(path):
    with open(path, "rb") as f:
        msg = email.message_from_binary_file(f, policy=policy.default)
    return msg["from"].addresses[0].username, sum(len(v) for v in msg.values())


with tempfile.TemporaryDirectory() as folder:
    write_archive(folder, 110)
    sizes = {}
    for name in sorted(os.listdir(folder)):
        sender, size = read_mail(os.path.join(folder, name))
        sizes[sender] = sizes.get(sender, 0) + size
for sender in sorted(sizes):
    print(sender, sizes[sender])
