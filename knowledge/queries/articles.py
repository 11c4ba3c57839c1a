"""Finding articles, and who has not read what must be read (ORG-8)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Value, When

from callcenter.access import Role
from campaigns.models import Campaign
from knowledge.models import Article, Reading
from knowledge.rules.words import Piece, piece_of, terms
from people.models import Membership, User

MOST_HITS = 20
IN_TITLE, IN_TOPIC, IN_BODY = 6, 3, 1


@dataclass(frozen=True)
class Hit:
    article: Article
    piece: Piece


def search(user, question: str, *, campaign: str = "") -> list[Hit]:
    """The articles in scope that a question finds, best first; an empty question gives the newest ones. One query.

    A term in the title weighs six times one in the text. ``campaign`` is the code of the campaign on the agent's screen: its
    articles come before general ones, those of other campaigns do not come at all.
    """
    rows = Article.objects.visible_to(user).published()
    if campaign:
        links = Article.campaigns.through.objects.filter(article=OuterRef("pk"))
        own = links.filter(campaign__code=campaign)
        rows = rows.filter(Exists(own) | ~Exists(links)).annotate(own=Exists(own))
    wanted = terms(question)
    if question.strip() and not wanted:
        return []
    score = Value(0)
    found = Q()
    for term in wanted:
        for column, weight in (("title", IN_TITLE), ("topic", IN_TOPIC), ("body", IN_BODY)):
            here = Q(**{f"{column}__icontains": term})
            found |= here
            score += Case(When(here, then=Value(weight)), default=Value(0), output_field=IntegerField())
    order = ["-score", *(["-own"] if campaign else []), "-changed_at", "-id"]
    rows = rows.filter(found).annotate(score=score).order_by(*order)
    return [Hit(row, piece_of(row.body, wanted)) for row in rows[:MOST_HITS]]


def articles(user, *, question="", topic="", state="", campaign=None, due: date | None = None):
    """The articles in scope that match the filters, the last changed first; ``due`` are those to be reviewed by that day."""
    rows = Article.objects.visible_to(user).select_related("owner")
    rows = rows.annotate(reports=Count("feedback", filter=Q(feedback__settled_at=None)))
    for term in terms(question):
        rows = rows.filter(Q(title__icontains=term) | Q(topic__icontains=term) | Q(body__icontains=term))
    if topic:
        rows = rows.filter(topic=topic)
    if state:
        rows = rows.filter(state=state)
    if campaign:
        rows = rows.filter(campaigns=campaign)
    if due:
        rows = rows.filter(review_by__lte=due)
    return rows.order_by("-changed_at", "-id")


def unread(agent) -> list[Article]:
    """What an agent still has to read, the oldest first: of the campaigns of the own teams, and what concerns everybody."""
    read = Reading.objects.filter(article=OuterRef("pk"), reader=agent, number__gte=OuterRef("read_from"))
    links = Article.campaigns.through.objects.filter(article=OuterRef("pk"))
    teams = Membership.objects.filter(user=agent, role=Role.AGENT).values("team")
    own = links.filter(campaign__in=Campaign.objects.filter(teams__in=teams))
    rows = Article.objects.published().filter(~Exists(read), must_read=True)
    return list(rows.filter(Exists(own) | ~Exists(links)).order_by("changed_at", "id")[:MOST_HITS])


def concerned(user, article: Article):
    """The active agents in the person's scope whom an article concerns."""
    agents = Membership.objects.filter(user=OuterRef("pk"), role=Role.AGENT)
    if article.campaigns.exists():
        agents = agents.filter(team__campaigns__in=article.campaigns.all())
    return User.objects.filter(
        Exists(agents), is_active=True, pk__in=User.objects.visible_to(user).values("pk")
    )


def not_read_by(user, article: Article):
    """Those of them who have not read the version that must be read; by name."""
    read = Reading.objects.filter(article=article, reader=OuterRef("pk"), number__gte=article.read_from)
    return concerned(user, article).filter(~Exists(read)).order_by(F("full_name"), "id")
