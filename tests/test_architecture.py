"""The rules of the house that import-linter cannot say. Each names the file that breaks it."""

import ast
import hashlib
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes
from scripts import write_sbom

import shequtong.main  # noqa: F401  (every table is known)
from shequtong.core.privacy.register import kind_of, names_somebody
from shequtong.lib.db import Table

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "static" / "vendor"
VENDORS = (VENDOR, ROOT / "tests" / "vendor")
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
PAGES = [path for path in TEMPLATES if path.suffix in {".html", ".xml", ".atom", ".svg"}]
TEXT = {
    ".py",
    ".html",
    ".txt",
    ".md",
    ".css",
    ".js",
    ".toml",
    ".ini",
    ".po",
    ".sql",
    ".yml",
    ".json",
    ".csv",
    "",
}

MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:home|Users|root|work|private|mnt)/[\w.]")
UPWARDS = re.compile(r"(?<![\w./])(?:\.\./)+[\w][\w./-]*")
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.S | re.I)
INLINE = {
    "a <style> element": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"\sstyle\s*=", re.I),
    "an event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "hx-on": re.compile(r"\bhx-on\b", re.I),
    "a javascript: or js: value": re.compile(r"[\"'](?:javascript|js):", re.I),
    "a filter in hx-trigger, which needs eval": re.compile(r"\bhx-trigger\s*=\s*[\"'][^\"']*\[", re.I),
}
ELSEWHERE = re.compile(
    r"<(?:script|link|img|source|use|iframe)\b[^>]*(?:src|srcset|href)\s*=\s*[\"'](?:https?:)?//", re.I
)


def our_files() -> Iterator[Path]:
    """Every text file of ours that git knows or would take; other people's and computed files left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in sorted(set(filter(None, listed.split("\0")))):
        path = ROOT / name
        if path.is_file() and path.suffix in TEXT and path.parent not in VENDORS:
            yield path


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("vendor", VENDORS, ids=named)
def test_vendored_files_are_the_ones_whose_checksums_we_keep(vendor: Path) -> None:
    kept = dict(reversed(line.split("  ", 1)) for line in (vendor / "CHECKSUMS").read_text().splitlines())
    found = {
        str(path.relative_to(vendor)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.rglob("*")
        if path.is_file() and path.name not in {"CHECKSUMS", "README.md"}
    }
    assert found == kept


def test_no_file_names_a_place_of_one_machine() -> None:
    found = [
        f"{named(path)}: {match[0]}"
        for path in our_files()
        for match in MACHINE_PATH.finditer(path.read_text(errors="replace"))
    ]
    assert found == []


def test_no_file_points_out_of_the_checkout() -> None:
    """Links that climb end at something that is there. Code may name climbing paths, to refuse them."""
    found = [
        f"{named(path)}: {match[0]}"
        for path in our_files()
        if path.suffix not in {".py", ".po", ".csv"}
        for match in UPWARDS.finditer(path.read_text(errors="replace"))
        if not (target := (path.parent / match[0]).resolve()).exists() or not target.is_relative_to(ROOT)
    ]
    assert found == []


def test_every_locked_requirement_has_its_hash() -> None:
    for lock in ("requirements.lock", "requirements-test.lock"):
        text = (ROOT / lock).read_text()
        entries = re.split(r"^(?=[a-z0-9])", text, flags=re.M)[1:]
        assert len(entries) > 20
        assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
        assert not re.search(r"^\s*(?:--(?:extra-)?index-url|--find-links)|file://|git\+", text, re.M)


def test_tests_run_on_the_versions_that_operators_get() -> None:
    def pins(lock: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==(\S+)", (ROOT / lock).read_text(), re.M))

    assert pins("requirements.lock").items() <= pins("requirements-test.lock").items()


def test_the_locks_hold_what_pyproject_asks_for_and_no_more() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    run = [*project["project"]["dependencies"], *groups["build"]]

    for lock, asked in {"requirements.lock": run, "requirements-test.lock": [*run, *groups["test"]]}.items():
        entries = re.split(r"^(?=[a-z0-9])", (ROOT / lock).read_text(), flags=re.M)[1:]
        direct = {package(entry) for entry in entries if "shequtong (pyproject.toml" in entry}
        assert direct == set(map(package, asked)), "run `make lock`"


def package(requirement: str) -> str:
    """The name in `name[extra]>=1; marker`."""
    name = re.match(r"[\w.-]+", requirement)
    assert name
    return name[0].lower()


def test_the_bill_of_materials_names_what_is_locked_and_vendored() -> None:
    assert write_sbom.BILL.read_text() == write_sbom.bill(), "run `make lock`"

    told = (
        "".join(path.name for path in VENDOR.iterdir()) + (ROOT / "static/icons/sprite.svg").read_text()[:400]
    )
    for name, version, _ in write_sbom.IN_STATIC:
        assert re.search(rf"{name.removesuffix('.org')}\D{{1,6}}{re.escape(version)}", told), name


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_page_obeys_the_content_security_policy(path: Path) -> None:
    """`script-src 'self'; style-src 'self'`: nothing inline, nothing evaluated, nothing from elsewhere."""
    source = path.read_text()
    found = [what for what, pattern in INLINE.items() if pattern.search(source)]
    found += [
        "an inline script"
        for attributes, body in SCRIPT.findall(source)
        if "src=" not in attributes or body.strip()
    ]
    found += ["something loaded from elsewhere"] if ELSEWHERE.search(source) else []
    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_parses_and_escapes(path: Path) -> None:
    """Only a body that `lib.markdown` rendered and cleaned is passed through as it is."""
    tree = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"]).parse(
        path.read_text()
    )
    for filtered in tree.find_all(nodes.Filter):
        if filtered.name == "safe":
            assert isinstance(filtered.node, nodes.Getattr | nodes.Name)
            last = filtered.node.attr if isinstance(filtered.node, nodes.Getattr) else filtered.node.name
            assert last.endswith("rendered"), f"line {filtered.lineno}: |safe on {last}"
    assert not any(tree.find_all(nodes.ScopedEvalContextModifier)), "autoescape is never switched"


def test_application_code_never_commits() -> None:
    """One request or job is one transaction, and its edge is in `lib`."""
    source = ROOT / "src" / "shequtong"
    found = [
        f"{named(path)}:{node.lineno}"
        for path in [*(source / "core").rglob("*.py"), *(source / "boards").rglob("*.py")]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert found == []


def test_every_table_that_names_a_person_stands_in_the_register_of_personal_data() -> None:
    """`core/privacy/register.py` is what residents read: nothing about a person is kept in silence."""
    missing = [
        name
        for name, table in Table.metadata.tables.items()
        if names_somebody(table) and not kind_of(name) and name != "account"
    ]
    assert missing == [], "add each to the kind that it belongs to, or say in a new one why it is kept"


@pytest.mark.parametrize("path", sorted((ROOT / "src/shequtong/locale").rglob("*.po")), ids=named)
def test_a_catalogue_is_whole_after_a_merge(path: Path) -> None:
    """Git joins both sides' lines, which can tear an entry apart: `make messages` lays it out again."""
    with path.open("rb") as catalogue:
        read_po(catalogue, abort_invalid=True)
