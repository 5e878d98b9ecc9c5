import numpy as np


def recordings(takes, samples):
    rng = np.random.default_rng(3)
    t = np.arange(samples) / 44_100
    raw = rng.integers(-6000, 6000, (takes, samples), dtype=np.int16)
    tone = (9000 * np.sin(2 * np.pi * 441 * t)).astype(np.int16)
    raw += tone
    return raw


def leading_tone(audio, rounds):
    probe = np.ones(audio.shape[1])
    strength = 0.0
    for _ in range(rounds):
        weights = audio @ probe
        probe = weights @ audio
        strength = np.linalg.norm(probe)
        probe /= strength
    return strength ** 0.5, probe


def main():
    raw = recordings(1500, 12_500)
    audio = raw / 32768.0
    strength, tone = leading_tone(audio, 20)
    crossings = int((np.diff(np.sign(tone)) != 0).sum())
    print(f"strength {strength:.2f} crossings {crossings}")


if __name__ == "__main__":
    main()
