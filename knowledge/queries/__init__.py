from knowledge.queries.articles import Hit, articles, concerned, not_read_by, search, unread

__all__ = ["Hit", "articles", "concerned", "not_read_by", "search", "unread"]
