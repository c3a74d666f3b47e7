"""How dates and times are written where a page does not say it: 12 June 1999, 16:30 and not 4.30 p.m."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j F Y, H:i"
