"""An invented blogosphere, served on loopback: the first run of Luciole, and the ground of its end-to-end tests.

Owns everything that makes the demonstration look like real blogs to a crawler. The blogs share no code with Luciole,
because a demo that did would hide the faults of the software it tries.
"""
