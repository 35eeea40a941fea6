"""Gathering a whole archive: one strategy for each way in which sites list their posts."""
