"""The parts of a policy that most tests of certification share; each test adds what it is about."""

POLICY = """\
[policy]
id = "p"
version = "1"
assurance = "unproctored"
arithmetic = { type = "decimal", round_up_to_pass = false }
overall = { min = "0.70", extra_credit = "cap_at_max" }
"""
CHAPTER = """\
[[chapter]]
assignment = "ch01"
weight = "1"
min = "0.60"
required = true
"""
