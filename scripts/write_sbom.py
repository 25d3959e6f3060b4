"""Writes `sbom.cdx.json`, the bill of materials that a wheel carries: `make lock` runs it, a test compares.

It names what an installation runs: the packages of `requirements.lock` and other people's files in `static/`.
The form is CycloneDX 1.6, without date or serial number, so that the same parts give the same bill.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BILL = ROOT / "sbom.cdx.json"
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)(?:\[[^]]*\])?==(?P<version>\S+)(?: ; (?P<marker>.+?))? \\$", re.M)

IN_STATIC = (
    ("htmx.org", "4.0.1", "0BSD"),
    ("leaflet", "1.9.4", "BSD-2-Clause"),
    ("lucide-static", "1.62.0", "ISC"),
)


def bill() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ours = {
        "type": "application",
        "bom-ref": project["name"],
        "name": project["name"],
        "version": project["version"],
        "licenses": [{"expression": project["license"]}],
    }
    parts = [*locked(), *vendored()]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": ours},
        "components": parts,
        "dependencies": [{"ref": project["name"], "dependsOn": [part["bom-ref"] for part in parts]}],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def locked() -> Iterator[dict[str, Any]]:
    for pin in PIN.finditer((ROOT / "requirements.lock").read_text()):
        part = component(f"pkg:pypi/{pin['name']}@{pin['version']}", pin["name"], pin["version"])
        if pin["marker"]:
            part["properties"] = [{"name": "python:environment-marker", "value": pin["marker"]}]
        yield part


def vendored() -> Iterator[dict[str, Any]]:
    for name, version, licence in IN_STATIC:
        part = component(f"pkg:npm/{name}@{version}", name, version)
        yield {**part, "licenses": [{"license": {"id": licence}}]}


def component(purl: str, name: str, version: str) -> dict[str, Any]:
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


if __name__ == "__main__":
    BILL.write_text(bill())
    print(BILL.name)
