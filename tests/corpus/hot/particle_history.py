import numpy


def kick(state, step):
    moved = 0.98 * state + 0.01 * numpy.roll(state, 1)
    moved[step % moved.size] -= 0.5
    return moved


state = numpy.linspace(-1.0, 1.0, 64)
history = state[None, :]
step = 0
while step < 2_600:
    state = kick(state, step)
    history = numpy.vstack([history, state])
    step += 1

print(history.shape, round(float(history[-1].sum()), 6))
