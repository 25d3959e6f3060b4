"""Counting a published round again, from its three files alone: no database, no secret, nothing to believe."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shequtong.core.ballots.publishing import BALLOTS, FORMAT, ROLL, ROUND, roll_lines
from shequtong.core.ballots.recording import BEGINNING, digest_of
from shequtong.core.ballots.rules import BY_KEY, NOTHING, Weight, together
from shequtong.core.ballots.sealing import mark_of
from shequtong.core.ballots.showing import metres as metres
from shequtong.lib.i18n import gettext as _

LARGEST = 64 * 1024 * 1024
"""Bytes of one unpacked file; more is not ours."""


class NotOurs(ValueError):
    """These are not the files of a round; says why in one line."""


@dataclass(frozen=True)
class Finding:
    """One thing that was compared; `wrong` says what does not agree, and is empty when all does."""

    what: str
    wrong: str = ""


@dataclass(frozen=True)
class Recount:
    """What the files say, counted again."""

    question: str
    options: list[list[str]]
    rule: str
    roll: Weight
    voted: Weight
    tally: dict[str, Weight]
    result: str
    carried: str
    findings: list[Finding]

    @property
    def agrees(self) -> bool:
        return not any(finding.wrong for finding in self.findings)


def read(paths: list[Path]) -> dict[str, bytes]:
    """The three files, or the one archive with all of them. Raises NotOurs."""
    found: dict[str, bytes] = {}
    for path in paths:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for entry in archive.infolist():
                    if entry.file_size > LARGEST:
                        raise NotOurs(f"{entry.filename} is too large")
                    found[entry.filename] = archive.read(entry)
        else:
            found[path.name] = path.read_bytes()
    if missing := sorted({ROLL, BALLOTS, ROUND} - set(found)):
        raise NotOurs(f"missing: {', '.join(missing)}")
    return found


def recount(files: Mapping[str, bytes]) -> Recount:
    """Count again and compare with what was recorded. Raises NotOurs for what cannot be read at all."""
    try:
        told = json.loads(files[ROUND])
        if told["format"] != FORMAT:
            raise NotOurs(f"{ROUND} is of another format: {told['format']}")
        events = {event["name"]: event["facts"] for event in told["events"]}
        return _Bundle(told, events, _rows(files[ROLL]), _rows(files[BALLOTS]), files[BALLOTS]).recount()
    except (KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError, csv.Error) as error:
        raise NotOurs(f"this is no round of ballots: {type(error).__name__} {error}") from error
    except ValueError as error:
        raise NotOurs(str(error)) from error


def choice_of(files: Mapping[str, bytes], receipt: str) -> str | None:
    """What the secret ballot with this receipt chose; None when it is not in the list. Raises NotOurs."""
    try:
        told = json.loads(files[ROUND])
        mark = mark_of(told["id"], receipt).hex()
        return next((row["choice"] for row in _rows(files[BALLOTS]) if row.get("mark") == mark), None)
    except (KeyError, TypeError, ValueError) as error:
        raise NotOurs(f"this is no round of ballots: {type(error).__name__} {error}") from error


@dataclass(frozen=True)
class _Bundle:
    told: dict[str, Any]
    events: dict[str, Any]
    roll: list[dict[str, str]]
    ballots: list[dict[str, str]]
    ballots_file: bytes

    def recount(self) -> Recount:
        opened, counted = self.events["opened"], self.events["counted"]
        rule, tally = BY_KEY[opened["rule"]], self._tally()
        roll = Weight(len(self.roll), sum(int(row["area_cm2"]) for row in self.roll))
        result, carried = rule.result(roll, tally)
        findings = [
            *self._chain(),
            *self._roll(roll),
            *self._ballots(),
            _compare(_("Ballots for each option"), {k: list(w) for k, w in tally.items()}, counted["tally"]),
            _compare(_("The result"), [result, carried], [counted["result"], counted["carried"]]),
        ]
        return Recount(
            opened["question"],
            opened["options"],
            opened["rule"],
            roll,
            self._voted(),
            tally,
            result,
            carried,
            findings,
        )

    def _tally(self) -> dict[str, Weight]:
        """The ballots one by one; those without an area of their own weigh what their pool does."""
        by_area = BY_KEY[self.events["opened"]["rule"]].by_area
        found: dict[str, Weight] = {}
        for row in self.ballots:
            heads, area = found.get(row["choice"], NOTHING)
            found[row["choice"]] = Weight(heads + 1, area + (int(row["area_cm2"] or 0) if by_area else 0))
        for choice, (_heads, area) in self.events["counted"]["pooled"].items():
            ballots = found.get(choice, NOTHING)
            found[choice] = Weight(ballots.heads, ballots.area + area)
        order = [key for key, _label in self.events["opened"]["options"]]
        return {key: found[key] for key in sorted(found, key=order.index)}

    def _voted(self) -> Weight:
        took_part = [int(row["area_cm2"]) for row in self.roll if row["took_part"]]
        return Weight(len(took_part), sum(took_part))

    def _chain(self) -> Iterator[Finding]:
        """Every link holds the digest of the one before, and its own is right."""
        what, previous = _("The record of the round"), BEGINNING
        for place, event in enumerate(self.told["events"], 1):
            facts = {key: value for key, value in event.items() if key != "digest"}
            if (
                event["number"] != place
                or event["previous"] != previous
                or event["digest"] != digest_of(facts)
            ):
                yield Finding(what, _("entry %(number)s was changed", number=place))
                return
            previous = event["digest"]
        yield Finding(what)

    def _roll(self, roll: Weight) -> Iterator[Finding]:
        frozen, counted = self.events["roll_frozen"], self.events["counted"]
        lines = roll_lines((row["roll_number"], row["area_cm2"]) for row in self.roll)
        found = [*roll, hashlib.sha256(lines).hexdigest()]
        yield _compare(
            _("The roll as it was frozen"), found, [frozen["dwellings"], frozen["area"], frozen["sha256"]]
        )
        yield _compare(_("Dwellings and area that took part"), list(self._voted()), counted["voted"])

    def _ballots(self) -> Iterator[Finding]:
        counted, opened = self.events["counted"], self.events["opened"]
        digest = hashlib.sha256(self.ballots_file).hexdigest()
        yield _compare(_("The list of ballots"), digest, counted["ballots_sha256"])
        yield _compare(
            _("One ballot for each dwelling that took part"), len(self.ballots), self._voted().heads
        )
        if opened["secret"]:
            marks = [row["mark"] for row in self.ballots]
            yield _compare(_("No ballot is listed twice"), len(set(marks)), len(marks))
            pooled = [row["choice"] for row in self.ballots if not row["area_cm2"]]
            if BY_KEY[opened["rule"]].by_area:
                told = {key: heads for key, (heads, _area) in counted["pooled"].items()}
                found = {key: pooled.count(key) for key in dict.fromkeys(pooled)}
                yield _compare(_("Ballots that are published without their area"), found, told)
                area = together(self._tally()).area
                yield _compare(_("Area of all ballots"), area, self._voted().area)
        else:
            cast = {row["roll_number"]: row["area_cm2"] for row in self.ballots}
            took_part = {row["roll_number"]: row["area_cm2"] for row in self.roll if row["took_part"]}
            yield _compare(_("Every ballot belongs to a dwelling of the roll"), cast, took_part)


def _compare(what: str, found: Any, told: Any) -> Finding:
    if found == told:
        return Finding(what)
    short = _short(found), _short(told)
    return Finding(what, _("counted %(found)s, recorded %(told)s", found=short[0], told=short[1]))


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))
