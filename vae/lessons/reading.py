"""From a lesson's text to the lesson, with a sentence for each line that is wrong."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl

from vae.errors import InputError
from vae.lessons import markup
from vae.lessons.lesson import Choice, Lesson, Node, Number, Prediction, Step, Task
from vae.lessons.names import KINDS, MEASURES, PREDICATES, Entry
from vae.pages import PAGES

FRONT = ("title", "question", "models")
FIELDS = ("open", "predict", "choice", "number", "answer", "do", "reveal", "explain")
OPENED = ("model",)  # what every page's link may say besides the fields of its state
TITLE = re.compile(r"## +(\S.*)")
FIELD = re.compile(r":(\w+):(?: +(.*))?")
NUMBER = r"(-?\d+(?:\.\d+)?)"
RANGES = {  # how a choice writes its numbers -> the first of them, and where they end
    rf"below {NUMBER}": lambda v: (None, v),
    rf"{NUMBER} to {NUMBER}": lambda low, high: (low, high),
    rf"{NUMBER} and more": lambda v: (v, None),
    NUMBER: lambda v: (v, v),
}
MOST = 200_000  # characters of a file

PATHS = {page.path: key for key, page in PAGES.items()}


def read(path: Path) -> Lesson:
    """Raises InputError with the first sentence of `problems`."""
    reading = examined(path)
    if reading.problems:
        raise InputError(reading.sentences(path)[0])
    return reading.lesson


def problems(path: Path) -> list[str]:
    """A sentence for each line of the file that is wrong; nothing where it is a lesson."""
    return examined(path).sentences(path)


def examined(path: Path) -> "Reading":
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as why:
        raise InputError(f"{path} cannot be read as a text file ({why}).") from why
    if len(text) > MOST:
        raise InputError(f"{path} has {len(text)} characters; a lesson has at most {MOST}.")
    return Reading(path.stem.partition("-")[0], text.splitlines())


@dataclass(frozen=True)
class Part:
    """A field of a step, or the text before the first: its name, where it begins, its lines."""

    name: str
    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Section:
    """A step as it stands in the file."""

    title: str
    line: int
    parts: list[Part] = field(default_factory=list)

    def all(self, name: str) -> list[Part]:
        return [part for part in self.parts if part.name == name]

    def one(self, name: str) -> Part | None:
        return next(iter(self.all(name)), None)


class Reading:
    """The lesson in some lines, and what is wrong with them: {line: sentence}."""

    def __init__(self, key: str, lines: list[str]):
        self.problems: dict[int, str] = {}
        end = self.end_of_front(lines)
        self.front = self.front_matter(lines[1:end])
        self.models = [name.strip() for name in self.front.get("models", "").split(",")]
        sections = self.sections(lines, end + 1)
        steps, page = [], (next(iter(PAGES)), self.models[0])
        for section in sections:
            steps.append(self.step(section, page))
            page = steps[-1].page, steps[-1].model
        if not steps:
            self.say(len(lines), "A lesson needs a step, which begins with “## ” and its title.")
        title, question = (self.front.get(name, "") for name in ("title", "question"))
        self.lesson = Lesson(key, title, question, self.models, steps)

    def say(self, line: int, sentence: str) -> None:
        self.problems.setdefault(line, sentence)

    def sentences(self, path: Path) -> list[str]:
        return [f"{path}, line {line}: {self.problems[line]}" for line in sorted(self.problems)]

    # ---- the file

    def end_of_front(self, lines: list[str]) -> int:
        if lines[:1] == ["---"] and "---" in lines[1:]:
            return lines.index("---", 1)
        self.say(1, "A lesson begins with lines of title, question and models between two “---”.")
        return 0

    def front_matter(self, lines: list[str]) -> dict[str, str]:
        front = {}
        for number, line in enumerate(lines, 2):
            name, colon, value = (part.strip() for part in line.partition(":"))
            if not colon or name not in FRONT:
                self.say(number, f"A lesson's first lines are {listed(FRONT)}, each with a colon.")
            front[name] = value
        for name in FRONT:
            if not front.get(name):
                self.say(1, f"The lesson's {name} is missing.")
        return front

    def sections(self, lines: list[str], begin: int) -> list[Section]:
        sections: list[Section] = []
        for number, line in enumerate(lines[begin:], begin + 1):
            if title := TITLE.fullmatch(line.rstrip()):
                sections.append(Section(title[1], number, [Part("text", number + 1)]))
            elif sections:
                self.into(sections[-1], number, line)
            elif line.strip():
                self.say(number, "Text stands in a step, which begins with “## ” and its title.")
        return sections

    def into(self, section: Section, number: int, line: str) -> None:
        found = FIELD.fullmatch(line.rstrip())
        if not found:
            section.parts[-1].lines.append(line)
            return
        name, rest = found[1], found[2] or ""
        if name not in FIELDS:
            self.say(number, f"“:{name}:” is no part of a step; known are {listed(FIELDS)}.")
        if name != "choice" and section.one(name):
            self.say(number, f"“:{name}:” stands in this step already.")
        section.parts.append(Part(name, number, [rest]))

    # ---- a step

    def step(self, section: Section, before: tuple[str, str]) -> Step:
        page, model, query = self.opened(section.one("open"), before)
        predict = self.prediction(section)
        if predict and not section.one("reveal"):
            self.say(section.line, "A prediction needs a “:reveal:”, which says what was measured.")
        return Step(
            title=section.title,
            words=self.nodes(section.one("text")) or [],
            page=page,
            model=model,
            query=query,
            predict=predict,
            do=self.task(section.one("do"), page),
            reveal=self.nodes(section.one("reveal")),
            explain=self.nodes(section.one("explain"), markup.words),
        )

    def nodes(self, part: Part | None, of=markup.nodes) -> list[Node] | None:
        if part is None:
            return None
        for number, line in enumerate(part.lines, part.line):
            for found in markup.MEASURE.finditer(line):
                self.measure(number, found[1])
        return of(part.text, part.line, self.say)

    def measure(self, line: int, text: str) -> list[str]:
        return self.call(line, text.split(), MEASURES, "measure")

    def call(self, line: int, words: list[str], table: dict[str, Entry], what: str) -> list[str]:
        """A name of `table` and its arguments."""
        name, *arguments = words or [""]
        if name not in table:
            self.say(line, f"There is no {what} “{name}”; known are {listed(table)}.")
            return words
        takes = table[name].takes
        if len(arguments) != len(takes):
            wanted = listed(takes) if takes else "nothing"
            self.say(line, f"The {what} “{name}” takes {wanted}, not “{' '.join(arguments)}”.")
        for kind, argument in zip(takes, arguments, strict=False):
            if not KINDS[kind](argument):
                self.say(line, f"“{argument}”, given to “{name}”, is no {kind}.")
            elif kind == "model":
                self.known_model(line, argument)
        return words

    def known_model(self, line: int, name: str) -> None:
        if name not in self.models:
            self.say(line, f"“{name}” is none of the lesson's models, {listed(self.models)}.")

    def opened(self, part: Part | None, before: tuple[str, str]) -> tuple[str, str, str | None]:
        """The page, its model, and what its link says."""
        if part is None:
            return *before, None
        path, _, query = part.text.strip().partition("?")
        if path not in PATHS:
            self.say(part.line, f"There is no page “{path}”; known are {listed(PATHS)}.")
            return *before, None
        key, model, kept = PATHS[path], self.models[0], []
        for name, value in parse_qsl(query, keep_blank_values=True):
            if name == "model":
                self.known_model(part.line, value)
                model = value
            elif name not in PAGES[key].fields:
                self.say(part.line, no_field(key, name, PAGES[key].fields))
            kept += [(name, value)] * (name not in OPENED)
        return key, model, "&".join(f"{name}={value}" for name, value in kept)

    def task(self, part: Part | None, page: str) -> Task | None:
        if part is None:
            return None
        said = part.lines[0].split()
        (name, field), arguments = (*said, "", "")[:2], said[2:]
        self.call(part.line, [name, *arguments], PREDICATES, "predicate")
        known = (*PAGES[page].fields, *PAGES[page].unlinked)
        if field not in known:
            self.say(part.line, no_field(page, field, known))
        words = self.nodes(Part("do", part.line + 1, part.lines[1:]))
        if not words:
            self.say(part.line, "What is to be done stands in the lines after “:do:”.")
        return Task([name, field, *arguments], words)

    # ---- a prediction

    def prediction(self, section: Section) -> Prediction | None:
        predict, answer = section.one("predict"), section.one("answer")
        choices, number = section.all("choice"), section.one("number")
        if predict is None:
            for part in filter(None, [*choices, number, answer]):
                self.say(part.line, f"“:{part.name}:” needs a “:predict:” with the question.")
            return None
        if bool(choices) == bool(number):
            self.say(
                predict.line,
                "A prediction needs either a “:choice:” for each answer or a “:number:”.",
            )
        if answer is None:
            self.say(predict.line, "A prediction needs an “:answer:”, the measure that decides it.")
        made = [self.choice(part) for part in choices]
        self.check_apart(choices, made)
        return Prediction(
            question=self.nodes(predict, markup.words),
            choices=made,
            number=self.number(number),
            answer=self.measure(answer.line, answer.text) if answer else [],
        )

    def choice(self, part: Part) -> Choice:
        numbers, equals, words = part.text.partition("=")
        for pattern, ends in RANGES.items():
            if equals and (found := re.fullmatch(pattern, numbers.strip())):
                low, high = ends(*map(float, found.groups()))
                return Choice(low, high, markup.words(words.strip(), part.line, self.say))
        self.say(
            part.line,
            "A choice is written as “below 2 = words”, “2 to 5 = words”, “5 and more = words” "
            "or “2 = words”, with the numbers for which it is right.",
        )
        return Choice(None, None, [])

    def check_apart(self, parts: list[Part], choices: list[Choice]) -> None:
        """No number makes two of them right."""
        for i, (part, choice) in enumerate(zip(parts, choices, strict=True)):
            if any(overlap(choice, other) for other in choices[:i]):
                self.say(part.line, "This choice shares numbers with one before it.")

    def number(self, part: Part | None) -> Number | None:
        if part is None:
            return None
        found = re.fullmatch(rf"{NUMBER} to {NUMBER} *(.*)", part.text.strip())
        if not found or float(found[1]) >= float(found[2]):
            self.say(
                part.line, "A number is written as “0 to 10 nats”: the least, the most, the unit."
            )
            return None
        return Number(float(found[1]), float(found[2]), found[3])


def overlap(a: Choice, b: Choice) -> bool:
    """Whether a number is in both; one that is a single number counts as [v, v]."""
    return before(a, b) and before(b, a)


def before(a: Choice, b: Choice) -> bool:
    """Whether `a` begins before `b` ends."""
    if a.low is None or b.high is None:
        return True
    return a.low < b.high or a.low == b.low == b.high


def no_field(page: str, name: str, known) -> str:
    return f"The page {PAGES[page].title} has no field “{name}”; known are {listed(known)}."


def listed(names) -> str:
    return ", ".join(names) or "none"
