"""Request to plan: the one place where graph, models, routing and compliance meet."""
