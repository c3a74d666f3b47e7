"""Logging in to the editors' site: django-allauth's password and second factor, with our rules.

`urls` lists the pages there are, `forms` what is typed into them, `attempts` how often that may be
tried, `second_factor` who must set one up and that no code counts twice, `log` what is written down.
"""
