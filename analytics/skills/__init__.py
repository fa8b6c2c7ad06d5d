"""Skills: what people can do, what roles need, and how both change."""
