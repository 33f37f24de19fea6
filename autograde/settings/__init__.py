"""What ``course.toml`` says, and where things lie in a course directory."""
