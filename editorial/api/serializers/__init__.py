"""How records, corrections and changes look in the API.

Everything is read-only but `NewReportSerializer`. A serializer names every field it shows; what the
documentation says of a field is the help text of the model, or stands here.
"""
