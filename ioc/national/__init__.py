"""The messages that desk software sends to the national portal, and what they become."""
