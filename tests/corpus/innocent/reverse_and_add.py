def steps_to_palindrome(number):
    steps = 0
    while steps < 60:
        text = str(number)
        if text == text[::-1]:
            return steps
        number += int(text[::-1])
        steps += 1
    return -1


def survey(first, last):
    longest = 0
    lychrel = 0
    for number in range(first, last):
        steps = steps_to_palindrome(number)
        longest = max(longest, steps)
        lychrel += steps < 0
    return longest, lychrel


print(*survey(10_000, 170_000))
