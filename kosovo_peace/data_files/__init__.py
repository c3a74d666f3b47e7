"""The files to download: one set for each serial, made when it is first wanted, and releases that are kept for ever."""
