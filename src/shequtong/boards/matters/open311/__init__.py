"""Open311 GeoReport v2 (https://wiki.open311.org/GeoReport_v2): matters for other people's programs."""

from shequtong.boards.matters.open311.routes import router as router
from shequtong.boards.matters.open311.speaking import HERE as HERE
from shequtong.boards.matters.open311.speaking import refuse as refuse
