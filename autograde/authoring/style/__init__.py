"""The house style: rules for prose that `course check` applies where course.toml asks for them."""
