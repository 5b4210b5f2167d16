-- While this lies ahead, no scheduled round runs: somebody works on the data by hand.
CREATE TABLE schedule_hold (
    only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    held_until timestamptz NOT NULL
);
