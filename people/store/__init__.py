"""Rows of people ↔ values, by subject; reads take a session, writes a Work's.

Reading order: ``companies``, ``sign_in``, ``accounts`` (with keys), ``audit``.
"""
