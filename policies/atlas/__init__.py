"""Rules on MongoDB Atlas."""
