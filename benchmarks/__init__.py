"""How fast the site is, and how much memory it needs, measured beside something else in the same run: `make bench`.

Absolute figures belong to one machine on one day. So whatever is compared is timed in turns, and what is told is the
median and the ratio. Nothing here passes or fails: it prints tables and writes them to a file.

`__main__` makes the databases and calls the parts one after the other; each part is a module with
`measure(bench) -> Iterator[Table]`, named in `PARTS` there. What parts need: `running_site` (a site as it is served),
`timing` (turns, medians, ratios), `memory` (of a process), `report` (tables, the machine), `databases`.

People who use a site at the same time (`load`) come to a whole stack of processes (`stack`) in `faults`, which breaks things,
and `soak`, which lasts.

Beside it stand tools that look at a page of each kind (`page_kinds`), on a site that holds the founding record
(`founding_site`): `screenshots`, `lighthouse`, `validity`, the latter two with programs from `npm`.
"""
