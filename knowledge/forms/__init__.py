from knowledge.forms.articles import ArticleFilter, ArticleForm, OutdatedForm

__all__ = ["ArticleFilter", "ArticleForm", "OutdatedForm"]
