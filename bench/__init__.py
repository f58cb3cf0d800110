"""What it costs and how fast it is: the tables of docs/benchmarks.md.

Machines differ and are shared, so what can be said as a ratio inside one run,
or as CPU time, is. Reading order: ``place`` (a database and sites on it),
``stage`` (people who may ask), ``client`` and ``firing`` (who asks, one after
the other or at appointed times), ``bare`` and ``serving`` (what the hot paths
are compared with), then a file for each table: ``ratios``, ``exam``, ``rush``,
``growth``, ``dispatching``. ``__main__`` makes the page, ``profile`` shows
where the time of a hot path goes.
"""
