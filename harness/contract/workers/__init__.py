"""The workers, seen from outside: one round by command, its effects read back over HTTP."""
