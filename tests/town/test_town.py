"""The story that the demo plays: as large, varied and harmless as promised, and refused when it cannot be played."""

import re
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image

from shequtong.town import PICTURES, StoryError, Town, dated, load
from shequtong.town.reading import HERE, HOME
from shequtong.town.script import comments, span

LOGINS = (
    "resident owner tenant elder neighbor applicant lead clerk secretary organisation "
    "property police doctor lawyer outsider outsecretary street district admin"
)
PLACEHOLDER = re.compile(r"021-5550-01\d\d")
NUMBER = re.compile(r"(?<![\d.,])(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|[2-9]\d{7})(?![\d.,])")

Spoil = Callable[[str, str, str], Path]


@pytest.fixture(scope="module")
def town() -> Town:
    return load()


@pytest.fixture
def spoil(tmp_path: Path) -> Spoil:
    """A copy of the story in which one word of one file is another."""

    def changed(name: str, old: str, new: str) -> Path:
        here = tmp_path / "town"
        shutil.copytree(HERE, here, ignore=shutil.ignore_patterns("*.py", "__pycache__", "*.webp", "*.svg"))
        text = (here / name).read_text(encoding="utf-8")
        assert old in text
        (here / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        return here

    return changed


def words(town: Town) -> list[str]:
    """Everything anybody wrote."""
    written = [text for post in town.posts for text in (post.title, post.body)]
    for post in town.posts:
        for comment in post.comments:
            written += [comment.text, *(answer.text for answer in comment.answers)]
        for step in post.steps:
            written += [
                text
                for text in (step.reason, *step.fields.values())
                if isinstance(text, str) and len(text) > 20
            ]
    return written


def test_the_home_community_has_the_promised_size(town: Town) -> None:
    home = town.communities[HOME]
    assert len(home.buildings) >= 12
    assert len(home.dwellings) >= 260
    assert all(dwelling.area > 0 for dwelling in home.dwellings)
    assert len([p for p in town.people.values() if p.code == HOME and p.standing and p.room]) >= 300


def test_everybody_of_the_contract_is_there_with_one_job_each(town: Town) -> None:
    assert set(LOGINS.split()) <= set(town.people)
    assert town.people["resident"].building == town.people["neighbor"].building
    assert not town.people["applicant"].standing
    assert town.people["lead"].office == "lead"
    assert not town.belongs("outsider", HOME)


def test_a_dwelling_has_one_representative_and_at_most_one_owner(town: Town) -> None:
    people = [person for person in town.people.values() if person.standing and person.room]
    represented = [(p.code, p.building, p.room) for p in people if p.representative]
    owned = [(p.code, p.building, p.room) for p in people if p.relation == "owner"]
    assert max(Counter(represented).values()) == 1
    assert max(Counter(owned).values()) == 1


def test_the_same_people_are_invented_every_time(town: Town) -> None:
    assert load().people == town.people


def test_there_is_enough_life_and_nobody_repeats_another(town: Town) -> None:
    assert len(town.posts) >= 140
    assert sum(post.said for post in town.posts) >= 500
    assert [text for text, times in Counter(words(town)).items() if text and times > 1] == []


def test_nearly_everything_happens_in_the_last_three_weeks(town: Town) -> None:
    past = [post for post in town.posts if post.at < timedelta(days=-21)]
    assert len(past) < len(town.posts) / 8


def test_the_desk_has_work_and_the_committee_a_conflict_to_settle(town: Town) -> None:
    assert any(post.held and not post.moderation for post in town.posts)
    assert any([made.do for made in post.moderation] == ["hide", "appeal", "uphold"] for post in town.posts)
    assert {request.outcome for request in town.requests} == {"approved", "refused", "waiting", "conflict"}


def test_nobody_decides_an_appeal_against_themselves(town: Town) -> None:
    for post in town.posts:
        deciders = {made.do: made.by for made in post.moderation}
        assert "uphold" not in deciders or deciders["uphold"] not in {deciders["hide"], post.author}


def test_complaints_become_a_topic_and_the_topic_a_notice(town: Town) -> None:
    posts = {post.key: post for post in town.posts}
    notices = [post for post in town.posts if post.board == "notices"]
    topics = [posts[key] for notice in notices for key in notice.grew_from if posts[key].board == "hall"]
    assert any(len(topic.grew_from) >= 3 for topic in topics)


def test_guides_cover_eight_classes_with_their_legal_basis(town: Town) -> None:
    items = [post for post in town.posts if (post.board, post.kind) == ("guides", "item")]
    live = [item for item in items if [step.do for step in item.steps][1:2] == ["publish"]]
    asked = set("category materials steps place hours fee time_limit legal_basis owner review_on".split())
    assert len(live) >= 24
    assert len({item.fields["category"] for item in live}) == 8
    assert [item.key for item in live if asked - set(item.fields)] == []


def test_no_telephone_number_in_the_story_could_ring(town: Town) -> None:
    assert [n for text in words(town) for n in NUMBER.findall(PLACEHOLDER.sub("", text))] == []
    assert all(person.phone.startswith("17400") for person in town.people.values())


def test_every_picture_is_light_has_its_words_and_is_shown_somewhere(town: Town) -> None:
    files = {path.stem: path for path in PICTURES.glob("*.webp")}
    assert set(files) == set(town.pictures) == {path.stem for path in (PICTURES / "drawings").glob("*.svg")}
    for path in files.values():
        assert path.stat().st_size <= 40_000
        with Image.open(path) as picture:
            assert picture.size == (1200, 900)
    shown = {name for post in town.posts for name in post.pictures}
    shown |= {name for post in town.posts for step in post.steps for name in step.fields.get("pictures", ())}
    shown |= {place.plan for place in town.communities.values() if place.plan}
    assert shown == set(files)


def test_days_are_told_from_the_last_day() -> None:
    assert dated("{-1}到{+3w}", date(2024, 12, 23)) == "12月22日到12月26日（周四）"
    with pytest.raises(StoryError, match="brace"):
        dated("{tomorrow}", date(2024, 12, 23))


def test_nobody_but_the_clock_is_up_in_the_small_hours(town: Town) -> None:
    up_late = [
        (post.key, said.by)
        for post in town.posts
        for said in (*post.comments, *post.steps)
        if said.by != "clock" and 0.5 <= (post.at + said.after) / timedelta(hours=1) % 24 < 6
    ]
    assert up_late == []


def test_comments_are_set_like_a_play() -> None:
    first, second = comments("a +2h: 你好\n  b +150m: 你好呀\n\nc +1d: 再见")
    assert (first.by, first.after, [answer.by for answer in first.answers]) == (
        "a",
        timedelta(hours=2),
        ["b"],
    )
    assert second.text == "再见"
    for broken in ("a 2h: 你好", "  b +1h: 谁？"):
        with pytest.raises(StoryError):
            comments(broken)
    with pytest.raises(StoryError, match="span of time"):
        span("soon")


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        ("life/talk.toml", 'author = "laoshi"', 'author = "nobody"', "talk/t-ginkgo: author by 'nobody'"),
        ("life/talk.toml", "meizhen +1h:", "outsider +1h:", "does not belong to 310113104029"),
        ("life/talk.toml", "meizhen +1h:", "street +1h:", "may only observe"),
        ("life/talk.toml", '"ginkgo_street"', '"moon"', "there is no picture 'moon'"),
        ("life/talk.toml", "like = 62", "love = 62", r"there is no reaction \['love'\]"),
        ("life/hall.toml", '"m-shed-full"]', '"m-nothing"]', "cannot have grown from 'm-nothing'"),
        ("life/aid.toml", "day = 0", "day = 1", "after the end of the story"),
        (
            "life/talk.toml",
            'kind = "photo"',
            'kind = "photo"\ncolour = 1',
            "words nobody understands",
        ),
        ("life/talk.toml", "[[post]]", "[[post", "talk.toml: "),
        ("follows.toml", '"neighbor"', '"nobody"', "nobody is called 'nobody'"),
        ("neighbours.toml", '"1-302"', '"1-999"', "has no flat '1-999'"),
        ("neighbours.toml", "美珍", "阿芳", "two display names"),
    ],
)
def test_a_story_that_cannot_be_played_is_refused_with_a_clear_word(
    spoil: Spoil, name: str, old: str, new: str, complaint: str
) -> None:
    with pytest.raises(StoryError, match=complaint):
        load(spoil(name, old, new))
