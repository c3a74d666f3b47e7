"""Everybody at once for a quarter of an hour, at most of what the site can bear: `make soak`.

Readers, programs, reporters and an editor who publishes every ten seconds, on a stack of its own. First it is measured how
much of this mix the machine can do; then 70 % of that is asked, minute after minute. Every answer must be as planned
(refusals only for the two who ask for more than they may), and no process may need more memory at the end than early on.
"""
