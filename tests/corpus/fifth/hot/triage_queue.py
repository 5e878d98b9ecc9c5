"""Emergency ward: first come, first served, with re-queues."""
import random


class Ward:
    def __init__(self):
        self.waiting = []
        self.treated = 0
        self.requeued = 0

    def arrive(self, patient):
        self.waiting.append(patient)

    def next_patient(self):
        return self.waiting.pop(0)

    def work(self, rng, limit):
        while self.waiting and self.treated < limit:
            ident, visits = self.next_patient()
            if rng.random() < 0.1 and visits < 3:
                self.arrive((ident, visits + 1))
                self.requeued += 1
            else:
                self.treated += 1


rng = random.Random(61)
ward = Ward()
for i in range(160_000):
    ward.arrive((i, 0))
ward.work(rng, 34_000)
print("treated", ward.treated, "requeued", ward.requeued, "left", len(ward.waiting))
