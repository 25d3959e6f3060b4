"""What happens to the covenant, for those above who listen (see `main.SUBSCRIBERS`)."""

from __future__ import annotations

from dataclasses import dataclass

from shequtong.core.covenants.models import Article


@dataclass(frozen=True)
class ArticleChanged:
    """An article was added, changed or ended, by a decision of the households; `by_id` entered it."""

    article: Article
    by_id: int | None


@dataclass(frozen=True)
class ReviewDue:
    """The day has come on which the committee wanted to look at an article again."""

    article: Article
