"""The admin API below /__admin: JSON, and problem+json for its own errors."""
