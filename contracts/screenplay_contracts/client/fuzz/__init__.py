"""Server behaviour that Hypothesis invents, until a client breaks something that holds whatever a server does."""
