"""Every address of the site on one screen."""

from django.contrib import admin
from django.urls import include, path

from kosovo_peace import views

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
    path("admin/", admin.site.urls),
    path("livez", views.livez, name="livez"),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
]
