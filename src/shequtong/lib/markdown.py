"""What residents write, as safe HTML (I1): Markdown without HTML or images, then our own allow-list.

Left out on purpose, because people who have never heard of Markdown meet them by accident: indented code,
underlined headings, link definitions.
"""

import re
from collections.abc import Callable, Iterator

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

LONGEST_NAME = 20
MOST_MENTIONS = 20

Mention = Callable[[str], str | None]
"""Given a name, the address of that person, or None when nobody here is called so."""

# Only ASCII: Chinese is written right behind an address, without a space.
_ADDRESS = r"https?://[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%\[\]]+"
_NAME = rf"(?<![A-Za-z0-9._+-])@[\w·]{{1,{LONGEST_NAME}}}"
_LINK = re.compile(f"{_ADDRESS}|{_NAME}")
_NOT_AT_THE_END = ".,;:!?'*_~(["

TAGS = "p br strong em s code pre blockquote ul ol li h3 h4 h5 h6 a hr table thead tbody tr th td"

_CLEANER = nh3.Cleaner(
    tags=set(TAGS.split()),
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
    allowed_classes={"a": {"mention"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="nofollow ugc noopener",
)


def render(body: str, mention: Mention = lambda name: None) -> str:
    """Safe HTML. Headings start at h3, below the page's own. Addresses and known @names become links."""
    return _CLEANER.clean(_MARKDOWN.render(body, {"mention": mention})).strip()


def excerpt(body: str, length: int) -> str:
    """The words alone, on one line, at most `length` characters, with … when cut."""
    words = " ".join("".join(_words(_MARKDOWN.parse(body))).split())
    return words if len(words) <= length else words[: length - 1].rstrip("\u200d ") + "…"


def possible_names(body: str) -> set[str]:
    """Every name that the @s of a body may mean: Chinese has no spaces, so each beginning is one."""
    spelled = (match[0][1:] for match in _LINK.finditer(body) if match[0].startswith("@"))
    names = list(dict.fromkeys(spelled))[:MOST_MENTIONS]
    return {name[:length] for name in names for length in range(1, len(name) + 1)}


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield from _words(token.children or [])
            yield " "
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type in ("text", "code_inline", "fence"):
            yield token.content


def _add_links(state: StateCore) -> None:
    mention: Mention = state.env.get("mention", lambda name: None)
    for block in state.tokens:
        if block.type == "inline" and ("@" in block.content or "://" in block.content):
            block.children = list(_linked(block.children or [], mention))


def _linked(tokens: list[Token], mention: Mention) -> Iterator[Token]:
    inside_link = False
    for token in tokens:
        inside_link = token.type == "link_open" or (inside_link and token.type != "link_close")
        if token.type == "text" and not inside_link:
            yield from _split(token.content, mention)
        else:
            yield token


def _split(text: str, mention: Mention) -> Iterator[Token]:
    end = 0
    for match in _LINK.finditer(text):
        shown, href = _person(match[0], mention) if match[0].startswith("@") else _address(match[0])
        if href:
            yield Token("text", "", 0, content=text[end : match.start()])
            css = {"class": "mention"} if shown.startswith("@") else {}
            yield Token("link_open", "a", 1, attrs={"href": href, **css})
            yield Token("text", "", 0, content=shown)
            yield Token("link_close", "a", -1)
            end = match.start() + len(shown)
    yield Token("text", "", 0, content=text[end:])


def _person(spelled: str, mention: Mention) -> tuple[str, str | None]:
    """The longest beginning that is somebody's name."""
    for end in range(len(spelled), 1, -1):
        if href := mention(spelled[1:end]):
            return spelled[:end], href
    return spelled, None


def _address(spelled: str) -> tuple[str, str | None]:
    """Without the punctuation of the sentence around it."""
    shown = spelled.rstrip(_NOT_AT_THE_END)
    while shown.endswith((")", "]")) and shown.count(shown[-1]) > shown.count("(["[")]".index(shown[-1])]):
        shown = shown[:-1].rstrip(_NOT_AT_THE_END)
    return shown, shown if len(shown) > len("https://") else None


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.enable(["strikethrough", "table"])
    parser.disable(["image", "code", "lheading", "reference", "html_block", "html_inline"])
    parser.core.ruler.push("lower_headings", _lower_headings)
    parser.core.ruler.push("add_links", _add_links)
    return parser


_MARKDOWN = _parser()
