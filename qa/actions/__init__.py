from qa.actions.draw import draw_samples
from qa.actions.review import acknowledge, open_review, publish_review, put_back

__all__ = ["acknowledge", "draw_samples", "open_review", "publish_review", "put_back"]
