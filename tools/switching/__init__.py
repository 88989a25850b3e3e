"""Commands of contributors for `tierup switch`: the matrix of all pairs of states, runs on the engine, and the soak."""
