"""What a browser would send of a form as it stands on a page, read with the standard library."""

from html.parser import HTMLParser

FORM = "item-form"


class Typed(HTMLParser):
    """The values of the inputs, ticks and text areas of the question form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inside = False
        self.area = ""
        self.values: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        self.inside = self.inside or (tag == "form" and given.get("id") == FORM)
        if not self.inside or not name:
            return
        if tag == "textarea":
            self.area, self.values[name] = name, ""
        elif tag == "input" and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.values[name] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self.values[self.area] = self.values[self.area].removeprefix("\r\n").removeprefix("\n")
            self.area = ""
        if tag == "form":
            self.inside = False
