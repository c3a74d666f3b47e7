"""Every address of the site on one screen."""

from django.contrib import admin
from django.urls import include, path

from kosovo_peace import about, feeds, operations, search_page, security_txt, sitemaps, views
from kosovo_peace.data_files import views as data_files
from missions.views import picture_for_editors

handler500 = "kosovo_peace.database_away.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("missions.urls")),
    path("", include("sources.urls")),
    path("", include("editorial.urls")),
    path("about/", about.about, {"page": "about"}, name="about"),
    *[path(f"about/{page}/", about.about, {"page": page}, name=f"about-{page}") for page in about.PAGES],
    path("about/style/", about.about, {"page": "style"}, name="about-style"),  # for maintainers
    path("search/", search_page.search_page, name="search"),
    path("api/", include("kosovo_peace.api")),
    path("data/", data_files.data, name="data"),
    path("data/latest/<str:name>", data_files.latest, name="data-latest"),
    path("data/releases/<str:release>/", data_files.release, name="data-release"),
    path("data/releases/<str:release>/<str:name>", data_files.file_of_release, name="data-release-file"),
    path("data/<number:serial>/<str:name>", data_files.file_of_set, name="data-file"),
    path("admin/pictures/<picture:file>", admin.site.admin_view(picture_for_editors), name="editors-picture"),
    path("admin/", admin.site.urls),
    path("accounts/", include("kosovo_peace.accounts.urls")),
    path("livez", operations.livez, name="livez"),
    path("healthz", operations.healthz, name="healthz"),
    path("changes/feed/", feeds.changes_feed, name="changes-feed"),
    path("corrections/feed/", feeds.corrections_feed, name="corrections-feed"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.sitemap_part, name="sitemap-part"),
    path(".well-known/security.txt", security_txt.security_txt, name="security-txt"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
]
