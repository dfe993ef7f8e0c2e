#!/usr/bin/env python3
"""Reads a page of `ravine explain --html` and says what is wrong with it.

    check_explanation.py PAGE SOURCE [ASSEMBLY]

Every element has to be closed, nothing may come from elsewhere, links have to lead to lines of the page, the source has
to be there as it is written, and most of what is computed has to say which line it comes from. With ASSEMBLY, what
`--emit=asm` prints, the instructions on the page have to be the same ones.
"""

import collections
import html.parser
import pathlib
import re
import sys

VOID = {"meta"}
SOURCE, SWEEPS, ASSEMBLY = range(3)


class Page(html.parser.HTMLParser):
    """Collects the rows of the three columns: where they stand, the line they come from, their text."""

    def __init__(self):
        super().__init__()
        self.open, self.faults, self.rows, self.ids, self.links = [], [], [], set(), []
        self.scripts, self.column, self.row_depth, self.is_number = 0, -1, None, False

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag not in VOID:
            self.open.append(tag)
        if "src" in attributes or tag in ("link", "img"):
            self.faults.append(f"{tag} needs another file")
        if "id" in attributes:
            self.ids.add(attributes["id"])
        if "href" in attributes:
            self.links.append(attributes["href"])
        self.scripts += tag == "script"
        if attributes.get("class") == "column":
            self.column += 1
        if attributes.get("class") == "row":
            self.rows.append([self.column % 3, attributes.get("data-line"), ""])
            self.row_depth = len(self.open)
        self.is_number = attributes.get("class") == "at"

    def handle_startendtag(self, tag, attributes):
        if tag not in VOID:
            self.faults.append(f"{tag} ends itself")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"{tag} ends what it did not begin")
        if self.row_depth is not None and len(self.open) < self.row_depth:
            self.row_depth = None
        self.is_number = False

    def handle_data(self, data):
        if self.row_depth is not None and not self.is_number:
            self.rows[-1][2] += data


def check(page, source):
    yield from page.faults
    if page.open:
        yield f"{page.open} are not ended"
    if page.scripts != 1:
        yield f"{page.scripts} scripts"
    yield from (f"{link} leads nowhere" for link in page.links if link[0] != "#" or link[1:] not in page.ids)
    if [text for column, _, text in page.rows if column == SOURCE] != source.splitlines():
        yield "the source is not what it was"
    for column, name in ((SWEEPS, "operations"), (ASSEMBLY, "instructions")):
        lines = [line for where, line, _ in page.rows if where == column]
        if sum(line is not None for line in lines) * 2 <= len(lines):
            yield f"{sum(line is not None for line in lines)} of {len(lines)} {name} come from a line"
    places = collections.defaultdict(set)
    for column, line, _ in page.rows:
        places[line].add(column)
    if not any(line and len(columns) == 3 for line, columns in places.items()):
        yield "no line has a part in all three columns"


def instructions(text):
    """The instructions of an assembly file: what is neither a directive, a label nor a comment."""
    for line in text.splitlines():
        code = line.split("#")[0].strip()
        if code and not code.startswith(".") and not code.endswith(":"):
            yield " ".join(code.split())


def main():
    text = pathlib.Path(sys.argv[1]).read_text()
    page = Page()
    page.feed(text)
    page.close()
    faults = list(check(page, pathlib.Path(sys.argv[2]).read_text()))
    if re.search(r"https?://|@import|url\(", text):
        faults.append("it names something on a network")
    if len(sys.argv) > 3:
        shown = [" ".join(code.split()) for column, _, code in page.rows
                 if column == ASSEMBLY and not code.endswith(":")]
        if shown != list(instructions(pathlib.Path(sys.argv[3]).read_text())):
            faults.append("the instructions are not those of --emit=asm")
    if len(text) > 1 << 20:
        faults.append(f"{len(text)} characters")
    print("\n".join(faults + [f"{len(page.rows)} rows, {len(faults)} faults"]))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
