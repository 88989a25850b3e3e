"""How one field of a manifest becomes settings.

tierup/copilot_import/fields.py says which function converts which field.
"""
