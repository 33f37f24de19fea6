"""Make the learners' public repository, checked to hold nothing that they must not see."""
