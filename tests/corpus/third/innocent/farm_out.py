import subprocess
import sys

WORK = "import sys\nk=int(sys.argv[1])\ns=1\nfor i in range(1500000): s=(s*k+i)%998244353\nprint(s)"


def launch(k):
    return subprocess.Popen([sys.executable, "-I", "-S", "-c", WORK, str(k)],
                            stdout=subprocess.PIPE, text=True)


def gather(procs):
    values = []
    for proc in procs:
        out, _ = proc.communicate()
        if proc.returncode == 0:
            values.append(int(out))
    return values


def main():
    procs = [launch(k) for k in (3, 5, 7, 11, 13, 17)]
    values = gather(procs)
    print(len(values), sum(values) % 1000007)


main()
