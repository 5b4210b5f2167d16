"""Requests that schemathesis draws from a document of the API, in a process of its own."""
