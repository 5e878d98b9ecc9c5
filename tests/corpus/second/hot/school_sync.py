import time
from dataclasses import dataclass, field


@dataclass
class RegistryClient:
    """Stands in for the county's slow registry."""
    delay: float = 0.03
    calls: int = 0
    data: dict = field(default_factory=dict)

    def get_pupils(self, school):
        self.calls += 1
        time.sleep(self.delay)
        return [f"{school}-{i:03d}" for i in range(20 + len(school) * 3)]

    def get_head(self, school):
        self.calls += 1
        time.sleep(self.delay)
        return school.title() + " Head"


SCHOOLS = ["oak", "elm grove", "st mary", "riverside", "hilltop", "northgate",
           "lakeview", "old mill", "abbey", "priory", "castle", "meadow"]


def snapshot(client, schools):
    for school in schools:
        pupils = client.get_pupils(school)
        head = client.get_head(school)
        yield school, head, pupils


def main():
    client = RegistryClient()
    total = 0
    biggest = ("", 0)
    for school, head, pupils in snapshot(client, SCHOOLS):
        total += len(pupils)
        if len(pupils) > biggest[1]:
            biggest = (head, len(pupils))
    print("calls", client.calls, "pupils", total)
    print("largest roll:", *biggest)


if __name__ == "__main__":
    main()
