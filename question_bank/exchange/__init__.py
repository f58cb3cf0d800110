"""Questions in other programs' formats. Reading order: found (what a reader answers), then a file a format.

A reader takes bytes or text and answers what it found, question by question, with
everything that could not be carried over. It touches nothing: no database, no
disk, no network. ``formats`` knows them all by name.
"""
