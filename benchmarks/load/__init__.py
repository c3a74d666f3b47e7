"""Who is at a site at the same time: readers, programs that read the API, readers who report, two editors who publish.

`browser` asks as a browser does; `visitors` are those who ask; `mix` lets them ask side by side, at a pace or as fast as
they can, and `tally` counts what they were answered. Everything comes from this machine, from addresses of 127.0.0.0/8,
so that limits by network address meet many readers. What is asked for follows from `seed`, the times do not.
"""
