"""The API's view of missions, events, articles, their rows and reference data."""
