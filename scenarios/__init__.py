"""What can be lived through: role-play scenarios.

Empty of code until the capability arrives; the room is kept so that every
import rule already holds for it. See ``docs/architecture.md``.
"""
