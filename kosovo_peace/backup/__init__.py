"""The whole site in one file, whichever database it has, and back: `manage.py backup` and `manage.py restore`.

A backup is a ZIP archive that any program opens: `tables/<app>.<Model>.jsonl` with the columns in the first line and a
row in each other one, `files/…` with pictures and releases, and `manifest.json` with counts, hashes and the version of the
tables. Rows are written the same from every database, so that their hashes can be compared after a restore.
"""
