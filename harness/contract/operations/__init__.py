"""What the service promises beside its answers: limits, CORS, validators, health and metrics."""
