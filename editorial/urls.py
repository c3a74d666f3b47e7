"""Addresses of corrections and of the public log."""

from django.urls import path

from editorial import views

urlpatterns = [
    path("corrections/", views.correction_list, name="correction-list"),
    path("corrections/new/", views.correction_new, name="correction-new"),
    path("corrections/mine/<str:token>/", views.correction_mine, name="correction-mine"),
    path("corrections/<number:number>/", views.correction_detail, name="correction-detail"),
    path("changes/", views.changes, name="changes"),
]
