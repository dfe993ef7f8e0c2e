#!/usr/bin/env python3
"""Reads the pages that `ravine doc` wrote, as a browser or a renderer of Markdown would, and says what is wrong.

    check_pages.py FOLDER

HTML has to be well-formed XML, its MathML elements to have the children they need, its links to lead somewhere and
nothing to come from elsewhere. In Markdown, every formula has to be LaTeX: balanced groups and fences, known commands
with all their arguments, columns only where there are some.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree

MATHML = "{http://www.w3.org/1998/Math/MathML}"
CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2}
LEAVES = {"mi", "mn", "mo", "mtext", "mspace"}
OTHERS = {"math", "mrow", "msqrt", "mtable", "mtr", "mtd"}

ARGUMENTS = {"frac": 2, "sqrt": 1, "mathrm": 1, "mathtt": 1, "text": 1, "hat": 1, "bar": 1, "tilde": 1}
SYMBOLS = set("""cdot times le ge ne sum infty min max exp log sin cos tan arcsin arccos arctan sinh cosh tanh lvert rvert
    lVert rVert lfloor rfloor lceil rceil langle rangle alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda
    mu nu xi pi rho sigma tau upsilon varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi
    Omega""".split()) | {",", "_"}
TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|\s+|[{}^_&]|[^\\{}^_&\s]")


class Latex:
    """A recursive-descent reader of the LaTeX that formulas use; raises ValueError."""

    def __init__(self, text):
        self.tokens = [token for token in TOKEN.findall(text) if not token.isspace()]
        if "".join(self.tokens) != re.sub(r"\s", "", text):
            raise ValueError("characters that are no LaTeX")
        self.columns = 0

    def read(self):
        self.row(set())
        if self.tokens:
            raise ValueError(f"unexpected {self.tokens[0]}")

    def take(self, expected=None):
        if not self.tokens or (expected and self.tokens[0] != expected):
            raise ValueError(f"expected {expected}, not {self.tokens[:3]}")
        return self.tokens.pop(0)

    def row(self, ends):
        """Atoms with scripts, as far as a token of `ends`."""
        while self.tokens and self.tokens[0] not in ends:
            if self.tokens[0] in ("&", r"\\") and self.columns:
                self.take()
                continue
            self.atom()
            for script in "_^":
                if self.tokens and self.tokens[0] == script:
                    self.take()
                    self.group()

    def group(self):
        self.take("{")
        if self.tokens and self.tokens[0] == "}":
            raise ValueError("empty group")
        self.row({"}"})
        self.take("}")

    def atom(self):
        token = self.take()
        if token == r"\left":
            self.take()
            self.row({r"\right"})
            self.take(r"\right")
            self.take()
        elif token == r"\begin":
            self.environment()
        elif token.startswith("\\"):
            name = token[1:]
            if name not in ARGUMENTS and name not in SYMBOLS:
                raise ValueError(f"unknown command {token}")
            for _ in range(ARGUMENTS.get(name, 0)):
                self.group()
        elif token in "{}^_&":
            raise ValueError(f"misplaced {token}")

    def environment(self):
        name = self.name()
        if name not in ("cases", "aligned"):
            raise ValueError(f"unknown environment {name}")
        self.columns += 1
        self.row({r"\end"})
        self.columns -= 1
        self.take(r"\end")
        if self.name() != name:
            raise ValueError(f"{name} is not ended")

    def name(self):
        self.take("{")
        letters = ""
        while self.tokens and self.tokens[0] != "}":
            letters += self.take()
        self.take("}")
        return letters


def check_html(page):
    root = xml.etree.ElementTree.parse(page).getroot()
    for element in root.iter():
        space, _, tag = element.tag.rpartition("}")
        if space + "}" == MATHML:
            if tag not in LEAVES | OTHERS | set(CHILDREN):
                yield f"unknown element {tag}"
            if tag in LEAVES and len(element):
                yield f"{tag} has children"
            if len(element) != CHILDREN.get(tag, len(element)):
                yield f"{tag} has {len(element)} children"
        target = element.get("href") or element.get("src")
        if target and not (page.parent / target).is_file():
            yield f"{target} is not there"
        if tag in ("script", "link", "img"):
            yield f"needs a {tag}"
    if page.name != "index.html" and not any(root.iter(MATHML + "mtable")):
        yield "no equations"


def check_markdown(page):
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"`+[^`\n]*`+", "", text)
    display = re.compile(r"^\$\$\n(.*?)^\$\$$", re.MULTILINE | re.DOTALL)
    displays = display.findall(text)
    inline = re.findall(r"(?<![\\$])\$([^$\n]+)\$", display.sub("", text))
    if page.name != "index.md" and not displays:
        yield "no equations"
    for formula in displays + inline:
        try:
            Latex(formula).read()
        except ValueError as fault:
            yield f"{fault} in {formula}"
    for target in re.findall(r"\]\(([^)]*)\)", text):
        if not (page.parent / target).is_file():
            yield f"{target} is not there"


def main():
    pages = sorted(pathlib.Path(sys.argv[1]).iterdir())
    faults = [f"{page.name}: {fault}" for page in pages
              for fault in (check_html if page.suffix == ".html" else check_markdown)(page)]
    print("\n".join(faults + [f"{len(pages)} pages, {len(faults)} faults"]))
    sys.exit(1 if faults or not pages else 0)


if __name__ == "__main__":
    main()
