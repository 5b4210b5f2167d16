-- Everything that belongs to a vendor goes with it.
TRUNCATE vendors RESTART IDENTITY CASCADE
