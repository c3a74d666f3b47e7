"""Illustrations the site makes of the rows of its records, as SVG in the page.

Here is what stands where: plain data, no HTML. The templates that draw it (`missions/_lanes.html`,
`missions/_areas.html`) give every part a class, and the stylesheet its colours, so that a drawing follows light, dark
and paper. A drawing of rows is 360 units wide, as a telephone is; one of numbers has two widths (`measuring`), of which
the page shows one. All that a drawing says stands beside it as a list or table as well.
"""

WIDTH = 360
