"""What else happens once something is public hangs on this one signal.

`public_content_changed` is sent with `edition` inside the transaction that changes what the public
sees, before the serial moves. A receiver writes to the database only (rendered HTML, the search
index, outbox rows): if it fails, the publication does not happen, and nothing is half published.
"""

from django.dispatch import Signal

public_content_changed = Signal()
