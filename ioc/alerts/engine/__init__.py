"""Decides who is to be told what; pure: `now` is passed in, nothing blocks, nothing is read."""
