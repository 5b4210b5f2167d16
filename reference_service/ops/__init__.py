"""How the marketplace is watched: rules, routes and a dashboard, each rendered from one source in Python."""
