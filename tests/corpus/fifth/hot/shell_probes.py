# Nightly probes, written as shell one-liners
import shlex
import subprocess

TEMPLATE = "sleep 0.07; printf '%s %s\\n' {name} {load}"


def hosts():
    for rack in "abc":
        for unit in range(6):
            yield f"{rack}{unit}", (ord(rack) * 13 + unit * 29) % 90


def probe(item):
    name, load = item
    cmd = TEMPLATE.format(name=shlex.quote(name), load=load)
    return subprocess.check_output(cmd, shell=True).decode().split()


answers = [probe(item) for item in hosts()]
loads = {name: int(load) for name, load in answers}
hot = sorted((n for n, l in loads.items() if l > 60), key=loads.get)
print(len(loads), "hosts, busiest", hot[-3:])
print("mean load", round(sum(loads.values()) / len(loads), 2))
