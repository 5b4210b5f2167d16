"""Known-bad variants of the service, to test the tests. Nothing imports this package, and no wheel has it."""
