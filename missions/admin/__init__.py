"""Missions, events, articles and what they share, in the editors' site."""

from missions.admin import figures, records, reference

__all__ = ["figures", "records", "reference"]
