from desk.queries.screen import Screen, answered_at, build_screen

__all__ = ["Screen", "answered_at", "build_screen"]
