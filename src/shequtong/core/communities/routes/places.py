"""The register of places: compounds, buildings and dwellings, one by one or from a table."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from shequtong.core.communities import places, surveying
from shequtong.core.communities.addressing import here
from shequtong.core.communities.forms import AreaForm, BuildingForm, CompoundForm, DwellingForm
from shequtong.core.communities.models import Building, Compound, Dwelling
from shequtong.core.communities.visiting import Visit
from shequtong.lib.errors import Conflict, NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.web import Db, Submitted, page, permission, see_other
from shequtong.lib.web import router as pages

router = pages()

Staff = Annotated[Visit, here("clerk", "secretary")]


@permission("clerk or secretary, a building of their community")
def building_here(visit: Staff, building_id: int, db: Db) -> Building:
    found = places.find_building(db, visit.community.code, building_id) if 0 < building_id < 2**63 else None
    if found is None:
        raise NotFound
    return found


Built = Annotated[Building, Depends(building_here)]


@router.get("/c/{code}/places")
def show_places(request: Request, visit: Staff, db: Db) -> Response:
    """Every compound with its buildings."""
    return _places(request, visit, db)


@router.post("/c/{code}/places")
def add_compound(request: Request, visit: Staff, sent: Submitted, db: Db) -> Response:
    """Add a compound."""
    form = CompoundForm.read(sent)
    if form.errors:
        return _places(request, visit, db, compound_form=form, status=422)
    places.add_compound(db, visit.community.code, form.value.name)
    return see_other(f"/c/{visit.community.code}/places")


@router.post("/c/{code}/places/compounds/{compound_id}")
def add_building(request: Request, visit: Staff, compound_id: int, sent: Submitted, db: Db) -> Response:
    """Add a building to a compound."""
    compound = db.get(Compound, compound_id) if 0 < compound_id < 2**63 else None
    if compound is None or compound.code != visit.community.code:
        raise NotFound
    form = BuildingForm.read(sent)
    if not form.errors:
        try:
            places.add_building(db, compound, form.value.name)
        except Conflict as twice:
            form.refuse("name", twice.message)
    if form.errors:
        return _places(request, visit, db, building_forms={compound_id: form}, status=422)
    return see_other(f"/c/{visit.community.code}/places")


@router.get("/c/{code}/places/table")
def ask_table(request: Request, visit: Staff) -> Response:
    """Paste or upload many dwellings at once."""
    return _table(request, visit)


@router.post("/c/{code}/places/table")
def read_table(request: Request, visit: Staff, sent: Submitted, db: Db) -> Response:
    """First show what a table would do; write it when it was looked at (`write`) and nothing is wrong in it."""
    text, wrong = _text_of(sent)
    if wrong:
        return _table(request, visit, wrong=wrong, status=422)
    found = surveying.survey(db, visit.community.code, text)
    if sent.get("write") and not found.mistakes:
        surveying.write(db, visit.community.code, found)
        return see_other(f"/c/{visit.community.code}/places")
    return _table(request, visit, text=text, found=found, status=422 if found.mistakes else 200)


@router.get("/c/{code}/places/{building_id}")
def show_building(request: Request, visit: Staff, building: Built, db: Db) -> Response:
    """The dwellings of a building."""
    return _building(request, visit, db, building)


@router.post("/c/{code}/places/{building_id}")
def rename_building(request: Request, visit: Staff, building: Built, sent: Submitted, db: Db) -> Response:
    """Give a building another name."""
    form = BuildingForm.read(sent)
    if not form.errors:
        try:
            places.rename_building(db, building, form.value.name)
        except Conflict as twice:
            form.refuse("name", twice.message)
    if form.errors:
        return _building(request, visit, db, building, name_form=form, status=422)
    return see_other(f"/c/{visit.community.code}/places/{building.id}")


@router.post("/c/{code}/places/{building_id}/dwellings")
def add_dwelling(request: Request, visit: Staff, building: Built, sent: Submitted, db: Db) -> Response:
    """Add a dwelling to a building."""
    form = DwellingForm.read(sent)
    if not form.errors:
        try:
            places.add_dwelling(db, building, form.value.room, form.value.area)
        except Conflict as twice:
            form.refuse("room", twice.message)
    if form.errors:
        return _building(request, visit, db, building, dwelling_form=form, status=422)
    return see_other(f"/c/{visit.community.code}/places/{building.id}")


@router.post("/c/{code}/places/{building_id}/dwellings/{dwelling_id}")
def change_dwelling(
    request: Request, visit: Staff, building: Built, dwelling_id: int, sent: Submitted, db: Db
) -> Response:
    """Correct the floor area of a dwelling, or take it out of the register (`remove`) when nobody claimed it."""
    dwelling = db.get(Dwelling, dwelling_id) if 0 < dwelling_id < 2**63 else None
    if dwelling is None or dwelling.building_id != building.id:
        raise NotFound
    if sent.get("remove"):
        places.remove_dwelling(db, dwelling)
    else:
        form = AreaForm.read(sent)
        if form.errors:
            return _building(request, visit, db, building, area_forms={dwelling_id: form}, status=422)
        dwelling.area = form.value.area
    return see_other(f"/c/{visit.community.code}/places/{building.id}")


def _text_of(sent: Any) -> tuple[str, Any]:
    """The pasted or uploaded table, and what is wrong with it."""
    upload = sent.get("file")
    if isinstance(upload, UploadFile) and upload.filename:
        read = upload.file.read(surveying.MOST_BYTES + 1)
        if len(read) > surveying.MOST_BYTES:
            return "", _("This table is too long. Send it in parts.")
        text = surveying.decoded(read)
        return text or "", None if text is not None else _("This file is no table of text. Save it as CSV.")
    text = sent.get("table")
    return (
        (text, None) if isinstance(text, str) and text.strip() else ("", _("Paste a table or choose a file."))
    )


def _places(
    request: Request,
    visit: Visit,
    db: Any,
    *,
    compound_form: BoundForm[Any] | None = None,
    building_forms: dict[int, BoundForm[Any]] | None = None,
    status: int = 200,
) -> Response:
    return page(
        request,
        "communities/places.html",
        block="places",
        status=status,
        community=visit.community,
        rows=places.surveyed(db, visit.community.code),
        compound_form=compound_form or CompoundForm.blank(),
        building_forms=building_forms or {},
        building_form=BuildingForm.blank,
    )


def _building(
    request: Request,
    visit: Visit,
    db: Any,
    building: Building,
    *,
    name_form: BoundForm[Any] | None = None,
    dwelling_form: BoundForm[Any] | None = None,
    area_forms: dict[int, BoundForm[Any]] | None = None,
    status: int = 200,
) -> Response:
    return page(
        request,
        "communities/building.html",
        block="dwellings",
        status=status,
        community=visit.community,
        building=building,
        dwellings=places.dwellings(db, building.id),
        name_form=name_form or BuildingForm.blank(name=building.name),
        dwelling_form=dwelling_form or DwellingForm.blank(),
        area_forms=area_forms or {},
        area_form=AreaForm.blank,
    )


def _table(
    request: Request,
    visit: Visit,
    *,
    text: str = "",
    found: surveying.Survey | None = None,
    wrong: Any = None,
    status: int = 200,
) -> Response:
    return page(
        request,
        "communities/table.html",
        block="survey",
        status=status,
        community=visit.community,
        text=text,
        found=found,
        wrong=wrong,
    )
