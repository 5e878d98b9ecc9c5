from html import escape


class Report:
    def __init__(self, title):
        self.title = title
        self.body = ""

    def add_rows(self, rows):
        for name, amount in rows:
            self.body += f"<tr><td>{escape(name)}</td><td>{amount:>12.2f}</td></tr>\n"

    def render(self):
        return f"<h1>{self.title}</h1><table>{self.body}</table>"


def invoice_rows(count):
    for i in range(count):
        yield f"customer & sons no. {i:05d}", (i * 37 % 10_000) / 7


if __name__ == "__main__":
    report = Report("Invoices")
    report.add_rows(invoice_rows(9_500))
    page = report.render()
    print(len(page), page.count("&amp;"))
