"""What runs in the template process and in its forks."""
