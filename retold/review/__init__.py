"""What people decided about a story: kept in its `review.toml`, applied to every run."""

from __future__ import annotations

from retold.review.apply import Outcome
from retold.review.decision import Decision
from retold.review.desk import Review, StoryReview

__all__ = ["Decision", "Outcome", "Review", "StoryReview"]
