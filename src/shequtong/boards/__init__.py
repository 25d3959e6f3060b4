"""The rooms, in menu order. A new board is a folder and a line here."""

from shequtong.boards.affairs.board import board as affairs
from shequtong.boards.aid.board import board as aid
from shequtong.boards.district.board import board as district
from shequtong.boards.goods.board import board as goods
from shequtong.boards.guides.board import board as guides
from shequtong.boards.hall.board import board as hall
from shequtong.boards.matters.board import board as matters
from shequtong.boards.notices.board import board as notices
from shequtong.boards.party.board import board as party
from shequtong.boards.property.board import board as property
from shequtong.boards.services.board import board as services
from shequtong.boards.talk.board import board as talk

ALL = [district, notices, party, guides, hall, matters, aid, goods, talk, services, property, affairs]
