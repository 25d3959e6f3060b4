"""The life cycles that the story was written for, so that a step that leads nowhere is found while reading it."""

from __future__ import annotations

from dataclasses import dataclass

_BOARDS = """
district: draft
  publish: draft > live
  schedule: draft > scheduled
  go_live: scheduled > live
  correct: live corrected > corrected
  expire: live corrected > expired
  withdraw: draft scheduled live corrected > withdrawn
  relay: live corrected
  set_aside: live corrected
notices: draft
  submit: draft > review
  send_back: review > draft
  publish: draft review > live
  ask_to_confirm: draft review > confirming
  open_for_objections: draft review > open
  close: live confirming > closed
  finalise: open > final
  archive: closed final > archived
  confirm: confirming
  object: open
party: draft
  publish: draft > live
  finish: live > done
  archive: done > archived
  claim: live
guides: item=draft question=open
  review: draft revised > reviewed
  publish: reviewed > live
  mark_stale: live > stale
  revise: live stale > revised
  retire: live stale revised > retired
  answer: open > answered
  promote: answered > faq
  helpful: live faq
  unhelpful: live faq
hall: proposed
  cosign: proposed
  screen: proposed > screened
  refuse: proposed > refused
  lapse: proposed > lapsed
  uphold_appeal: refused > screened
  frame: screened > framing
  discuss: framing > discussing
  draft: discussing > drafting
  give_notice: drafting > notice
  open_vote: notice > voting
  adopt: voting > adopted
  reject: voting > rejected
  record_no_quorum: voting > no_quorum
  repeat_vote: no_quorum > voting
  execute: adopted > executing
  deliver: executing > delivered
  rate: delivered > rated
  review: rated > reviewed
  reopen: delivered rated reviewed > reopened
  resume: reopened > executing
matters: new
  acknowledge: new reopened > acknowledged
  ask_info: acknowledged > need_info
  give_info: need_info > acknowledged
  dispatch: acknowledged > dispatched
  accept: dispatched > in_progress
  send_back: dispatched > acknowledged
  start: acknowledged > in_progress
  claim_done: in_progress > done_claimed
  confirm: done_claimed > confirmed
  reopen: done_claimed confirmed > reopened
  transfer: acknowledged > transferred
  take_back: transferred > acknowledged
  declare_unfixable: acknowledged in_progress > cannot_fix
  appeal: cannot_fix > reopened
  merge: new acknowledged > merged
  escalate: acknowledged dispatched in_progress > escalated
  direct: escalated > acknowledged
  me_too: new acknowledged need_info dispatched in_progress done_claimed reopened transferred escalated
aid: open
  volunteer: open > matched
  accept: matched > confirmed
  decline: matched > open
  step_back: matched confirmed > open
  start: confirmed > in_progress
  finish: in_progress > done
  thank: done > thanked
  cancel: open matched confirmed > cancelled
  expire: open > expired
  report_no_show: confirmed > no_show
  renew: expired no_show > open
goods: draft
  offer: draft > available
  reserve: available > reserved
  release: reserved > available
  lapse: reserved > available
  hand_over: reserved > handed_over
  lend_out: reserved > out
  fall_due: out > due
  run_over: due > overdue
  take_back: out due overdue > returned
  rate: handed_over returned > rated
  expire: available > expired
  renew: expired > available
  withdraw: draft available expired > withdrawn
talk: live
  lock: live > locked
  unlock: locked > live
  archive: live locked > archived
services: offer=offered question=new booking=booked
  pause: offered > paused
  resume: paused > offered
  end: offered paused > ended
  take: new > assigned
  answer: assigned follow_up > answered
  ask_again: answered > follow_up
  close: answered > closed
  publish: closed > published
  queue: booked > waitlisted
  seat: waitlisted > booked
  check_in: booked > checked_in
  finish: checked_in > done
  report_no_show: booked > no_show
  cancel: booked waitlisted > cancelled
  rate: done > rated
property: draft
  publish: draft > live
  question: live answered > questioned
  answer: questioned > answered
  archive: live answered > archived
affairs: draft
  publish: draft > live
  question: live answered > questioned
  answer: questioned > answered
  archive: live answered > archived
"""


@dataclass(frozen=True)
class Cycle:
    """Where posts of each kind start, and each transition's sources and target (None: one only takes part)."""

    starts: dict[str, str]
    moves: dict[str, tuple[frozenset[str], str | None]]

    @property
    def states(self) -> frozenset[str]:
        targets = {target for _, target in self.moves.values() if target}
        return frozenset(self.starts.values()) | targets

    def start(self, kind: str) -> str:
        return self.starts.get(kind) or self.starts[""]


def _read(text: str) -> dict[str, Cycle]:
    cycles: dict[str, Cycle] = {}
    for line in text.strip().splitlines():
        name, _, rest = line.strip().partition(": ")
        if not line.startswith(" "):
            kinds = [start.rpartition("=") for start in rest.split()]
            starts = {kind: state for kind, _, state in kinds}
            cycle = cycles[name] = Cycle(starts, {})
        else:
            sources, _, target = rest.partition(" > ")
            cycle.moves[name] = (frozenset(sources.split()), target or None)
    return cycles


CYCLES = _read(_BOARDS)
