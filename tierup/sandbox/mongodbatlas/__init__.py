"""The sandbox's MongoDB Atlas: one file per service with a table `BEHAVIOURS`; the functions are in invokes.py."""
