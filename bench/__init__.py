"""What the hot paths cost, beside a bare endpoint served the same way in the same run.

Machines differ and are shared, so a figure is CPU time of the server process
and a ratio, never a wall clock. Reading order: ``bare`` (what is compared
with), ``serving`` (a server and its CPU), ``client`` (who asks), ``stage``
(people who may ask), ``__main__`` (the table), ``profile`` (where it goes).
"""
