"""Why points were lost, and why a person has to look: each a sentence in both languages."""
