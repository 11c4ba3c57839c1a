"""The addresses of API version 1, collected from the apps."""

from django.urls import include, path

router_urls = [
    path("", include(f"{app}.api_urls"))
    for app in ("customers", "messaging", "campaigns", "callbacks", "complaints", "qa", "reports")
]
