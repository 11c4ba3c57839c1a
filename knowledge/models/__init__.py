from knowledge.models.articles import (
    EDITORS,
    READERS,
    Article,
    ArticleStep,
    ArticleVersion,
    Feedback,
    Reading,
)

__all__ = ["EDITORS", "READERS", "Article", "ArticleStep", "ArticleVersion", "Feedback", "Reading"]
