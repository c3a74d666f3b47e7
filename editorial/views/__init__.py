"""What readers see of corrections and of the public log."""

from editorial.views.changes import changes
from editorial.views.ledger import correction_detail, correction_list
from editorial.views.mine import correction_mine
from editorial.views.reporting import correction_new

__all__ = ["changes", "correction_detail", "correction_list", "correction_mine", "correction_new"]
