"""The headers that protect readers, on every answer, whichever layer gives it.

django-csp and Django's SecurityMiddleware write theirs into the pages that views make; the page cache keeps them with
the page. What is answered before or beside them (static files, refusals, a kept page, what a proxy asks) gets
what is missing here.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from kosovo_peace.middleware import Handler

# Of what browsers know by these names, no page uses any.
UNUSED_FEATURES = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED_FEATURES),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",  # for what is no page of ours
}
API = "/api/"


def protect_answers(get_response: Handler) -> Handler:
    """Add what a view or another middleware has not said. First of all, so that nothing is answered without.

    Not to a 304: what it says would replace what the browser keeps with the page.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code == 304:
            return response
        headers = response.headers
        for name, value in ALWAYS.items():
            headers.setdefault(name, value)
        # The API is for everybody's pages; the rest is not to be drawn into those of others.
        is_for_all = request.path_info.startswith(API)
        headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if is_for_all else "same-origin")
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            headers.setdefault("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}")
        return response

    return middleware
