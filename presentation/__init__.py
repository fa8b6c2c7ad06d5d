"""What people see: words, colours, charts, controls and files to take away."""
