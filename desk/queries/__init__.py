from desk.queries.screen import Screen, answered_at, build_screen, needs_no_wrap_up, wrap_up_of

__all__ = ["Screen", "answered_at", "build_screen", "needs_no_wrap_up", "wrap_up_of"]
