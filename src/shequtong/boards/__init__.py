"""The rooms, in menu order. A new board is a folder and a line here."""

from shequtong.boards.goods.board import board as goods
from shequtong.boards.talk.board import board as talk

ALL = [goods, talk]
