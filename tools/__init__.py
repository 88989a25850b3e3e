"""Programs for contributors; no command of tierup imports them."""
