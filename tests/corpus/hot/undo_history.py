class History:
    def __init__(self):
        self.actions = []

    def push(self, action):
        self.actions.insert(0, action)

    def latest(self, count):
        return self.actions[:count]


class Editor:
    def __init__(self):
        self.history = History()
        self.length = 0

    def type_keys(self, keys):
        for position, key in enumerate(keys):
            self.length += 1
            self.history.push((position, key))


if __name__ == "__main__":
    editor = Editor()
    editor.type_keys("lorem ipsum " * 5_000)
    print(editor.length, editor.history.latest(2))
