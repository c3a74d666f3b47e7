"""What happens when something breaks, tried on real processes: `make faults`.

One stack with readers, reporters and editors at it (`scene`); each fault is a function that breaks something, looks, and
gives a `Fault`: what was done, and for each promise whether it held (`outcome`). `FAULTS` in `__main__` is the list; a
fault must leave the stack as it found it. It ends with status 1 when a promise did not hold.
"""
