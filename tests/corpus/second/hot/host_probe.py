import shlex
import subprocess

HOSTS = ["web01", "web02", "web03", "db01", "db02", "cache1", "cache2", "edge-a", "edge-b", "mail"]


def probe_command(host):
    # the real one is "ssh host uptime"; here a shell that takes its time
    return f"sleep 0.12; echo {shlex.quote(host)} up $((${{#h}} + {len(host)})) days"


def status_lines(hosts):
    lines = []
    for h in hosts:
        text = subprocess.check_output(["sh", "-c", probe_command(h)], env={"h": "x" * len(h), "PATH": "/usr/bin:/bin"})
        lines.append(text.decode().rstrip())
    return lines


def parse(line):
    host, _, days, _ = line.split()
    return host, int(days)


uptimes = dict(map(parse, status_lines(HOSTS)))
old = [h for h, d in uptimes.items() if d > 10]
print(len(uptimes), "hosts up")
print("longest", max(uptimes.items(), key=lambda kv: kv[1]), "over ten days:", ", ".join(old))
