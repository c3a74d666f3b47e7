"""How missions, events, articles, their rows and reference data look in the API."""
