"""What a user can do, without a screen. Every call takes a Viewer first and checks it."""
