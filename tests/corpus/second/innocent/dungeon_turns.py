from dataclasses import dataclass, field


@dataclass
class Monster:
    name: str
    hp: int
    speed: int
    x: int = 0
    log: list = field(default_factory=list)

    def act(self, others, turn):
        self.x += self.speed if turn % 3 else -self.speed // 2
        for o in others:
            if o is not self and o.hp > 0 and abs(o.x - self.x) < 3:
                o.hp -= 1 + (turn + len(self.name)) % 3
                if o.hp <= 0:
                    o.hp = 60 + len(o.name)
                    o.x = -o.x // 2
                    self.log.append(o.name)
                break
        if abs(self.x) > 80:
            self.x = -self.x // 4


NAMES = ["orc", "bat", "ooze", "lich", "wisp", "troll", "gnoll", "hydra", "imp", "ghoul"]


def main():
    crowd = [Monster(n, 50 + 3 * i, 1 + i % 4, i) for i, n in enumerate(NAMES)]
    for turn in range(90_000):
        for m in crowd:
            m.act(crowd, turn)
    for m in sorted(crowd, key=lambda m: (-len(m.log), m.name))[:4]:
        print(m.name, len(m.log), m.hp, m.x)


main()
