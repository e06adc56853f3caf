"""XML read element by element, with nothing expanded, fetched or trusted. The only module that knows expat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar
from xml.parsers.expat import ExpatError, ParserCreate

from .limits import LIMITS, MIB, Limits
from .remarks import RESAVE, Refused, shown

Attributes = dict[str, str]
Start = Callable[[Attributes], None]
End = Callable[[], None]
Handler = TypeVar("Handler")
_STEP = 64  # too short for a DTD that declares an entity and uses it: the event comes before the harm
_MOST_KEPT = 100_000
_ENCODINGS = ("", "UTF-8", "UTF-16")


class Watcher(Protocol):
    """What to do when elements of certain local names start and end."""

    starts: dict[str, Start]
    ends: dict[str, End]


class Markup:
    """One XML part on its way past its watchers; what no part may have is refused here."""

    def __init__(self, content: bytes, limits: Limits = LIMITS) -> None:
        self.content = content
        self.limits = limits
        self.depth = 0
        self.root = ""
        self._count = 0
        self._starts: _ByLocalName[Start] = _ByLocalName()
        self._ends: _ByLocalName[End] = _ByLocalName()
        self._sealed = 0
        self._begun = 0
        self._parser = ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.XmlDeclHandler = self._declaration
        self._parser.CommentHandler = lambda _text: self._aside()
        self._parser.ProcessingInstructionHandler = lambda _target, _text: self._aside()
        self._parser.StartCdataSectionHandler = self._aside

    def watch(self, *watchers: Watcher) -> None:
        """Let watchers see what starts and ends; no two of them the same element."""
        for watcher in watchers:
            assert not self._starts.keys() & watcher.starts.keys()
            self._starts.update(watcher.starts)
            self._ends.update(watcher.ends)

    def listen(self, words: Callable[[str], None]) -> None:
        """Hand on the text between the tags."""
        self._parser.buffer_text = True
        self._parser.CharacterDataHandler = words

    def read(self) -> None:
        """Walk the whole part; raises Refused at the first thing that may not be there."""
        view = memoryview(self.content)
        try:
            for at in range(self._prolog(view), len(view), MIB):
                self._parser.Parse(view[at : at + MIB], False)
                if at + MIB - self._parser.CurrentByteIndex > self.limits.tag + MIB:
                    raise _endless()
            self._parser.Parse(b"", True)
        except ExpatError as error:
            says = f"第 {error.lineno} 行不是合法的 XML，文件已损坏或被改动过。{RESAVE}"
            raise Refused("xml-broken", says) from None
        finally:
            self._let_go()

    def _let_go(self) -> None:
        """A parser that was read to its end and its handlers hold each other, and would stay until rubbish is looked for."""
        del self._parser
        self._starts.clear()
        self._ends.clear()

    def seal(self) -> None:
        """From here to the end of this element there may be text and nothing else: readers drop the rest in silence."""
        self._sealed = self.depth
        self._begun = self._parser.CurrentByteIndex

    def raw(self) -> bytes:
        """The bytes of the sealed element that is about to end, its start tag included, as they stand in the part."""
        return self.content[self._begun : self._parser.CurrentByteIndex]

    def _prolog(self, view: memoryview) -> int:
        """Feed what stands before the root element in steps so small that a DTD is seen before it can do anything."""
        at = 0
        while not self.depth and at < len(view):
            if at > self.limits.prolog:
                raise _endless()
            self._parser.Parse(view[at : at + _STEP], False)
            at += _STEP
        return at

    def _start(self, name: str, attributes: Attributes) -> None:
        self.depth += 1
        self._count += 1
        if self._count > self.limits.elements or len(self._starts) > self.limits.names:
            raise _endless()
        if self.depth > self.limits.depth:
            raise Refused("xml-depth", f"XML 嵌套超过 {self.limits.depth} 层，不是正常存盘的文件。{RESAVE}")
        if self.depth == 1:
            self.root = local(name)
        if self._sealed:
            self._aside()
        start = self._starts[name]
        if start:
            start(attributes)

    def _end(self, name: str) -> None:
        end = self._ends[name]
        if end:
            end()
        if self._sealed == self.depth:
            self._sealed = 0
        self.depth -= 1

    def _aside(self) -> None:
        if self._sealed:
            raise Refused("cell-value", f"单元格的值中间夹有注释等别的内容，会读成错误的数。{RESAVE}")

    def _doctype(self, name: str, *_rest: object) -> None:
        raise Refused("xml-dtd", f"带有 DTD 声明“{shown(name, 20)}”，可用来攻击读取程序，不能接收。{RESAVE}")

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "").upper() not in _ENCODINGS:
            raise Refused("xml-encoding", f"用了 {shown(encoding or '', 20)} 编码，只接收 UTF-8。{RESAVE}")


def _endless() -> Refused:
    return Refused("xml-endless", f"有大得或多得异常的标记，不是正常存盘的文件。{RESAVE}")


def local(name: str) -> str:
    """The name of an element or attribute without its prefix: readers look at no more than that."""
    return name.rpartition(":")[2]


class _ByLocalName(dict[str, Handler | None], Generic[Handler]):
    """Handlers by the names that occur, whatever prefix these have."""

    def __missing__(self, name: str) -> Handler | None:
        handler = self.get(local(name))
        self[name] = handler
        return handler


class Values:
    """Watches named elements and keeps all their attributes, in the order of the part."""

    def __init__(self, *names: str) -> None:
        self.elements: list[tuple[str, Attributes]] = []
        self.starts: dict[str, Start] = {name: self._keeper(name) for name in names}
        self.ends: dict[str, End] = {}

    def named(self, name: str) -> list[Attributes]:
        return [attributes for each, attributes in self.elements if each == name]

    def _keeper(self, name: str) -> Start:
        elements = self.elements

        def keep(attributes: Attributes) -> None:
            elements.append((name, attributes))
            if len(elements) > _MOST_KEPT:
                raise _endless()

        return keep
