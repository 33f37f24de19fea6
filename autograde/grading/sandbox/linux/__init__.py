"""What Linux offers to confine a process, one mechanism a file."""
