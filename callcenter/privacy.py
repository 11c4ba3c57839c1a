"""What a signed-in person sees stays out of caches: a shared floor computer keeps no pages behind (CUS-11)."""


class NoStoreMiddleware:
    """Mark every answer to a signed-in person as not to be stored, unless the view has said otherwise."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
