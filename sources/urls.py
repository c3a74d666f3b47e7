"""Addresses of the library of sources."""

from django.urls import path

from sources import views

urlpatterns = [
    path("sources/", views.source_list, name="source-list"),
    path("sources/export.<str:format>", views.source_export, name="source-export"),
    path("sources/<slug:key>/", views.source_detail, name="source-detail"),
    path("sources/<slug:key>/cite.<str:format>", views.source_citation, name="source-cite"),
]
