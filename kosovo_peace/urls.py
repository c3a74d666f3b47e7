"""Every address of the site on one screen."""

from django.contrib import admin
from django.urls import include, path

from kosovo_peace import feeds, operations, sitemaps, views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("missions.urls")),
    path("", include("sources.urls")),
    path("", include("editorial.urls")),
    path("about/", views.about, {"page": "about"}, name="about"),
    *[
        path(f"about/{page}/", views.about, {"page": page}, name=f"about-{page}")
        for page in ("method", "wording", "corrections", "accessibility", "privacy", "quality")
    ],
    path("api/", include("kosovo_peace.api")),
    path("admin/", admin.site.urls),
    path("accounts/", include("kosovo_peace.accounts.urls")),
    path("livez", operations.livez, name="livez"),
    path("healthz", operations.healthz, name="healthz"),
    path("changes/feed/", feeds.changes_feed, name="changes-feed"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.sitemap_part, name="sitemap-part"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
]
