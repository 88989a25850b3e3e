"""`tierup advise`: whether a stack should stay, grow or shrink, by its metrics and the scaling guide's rules."""
