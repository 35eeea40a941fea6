"""What `make bench` measures: ratios within one run, printed, never asserted."""
