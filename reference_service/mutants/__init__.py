"""The service with one place of its source changed by a machine: what a suite's author would not think of."""
