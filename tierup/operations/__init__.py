"""Operations on a deployed stack outside the engine, such as MongoDB indexes."""
