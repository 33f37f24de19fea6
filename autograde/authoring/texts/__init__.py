"""The texts of a chapter in two languages: taken out of its code, and checked."""
